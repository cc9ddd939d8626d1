-- Makes the edits of the shared session and writes the findings that it ends with.

package.path = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p")) .. "/?.lua;" .. package.path
local t = require("support")

local SETTLED_MS = 700

local function read(file)
  return table.concat(vim.fn.readfile(file), "\n")
end

--- The session counts UTF-16 units, Neovim bytes.
local function byte(line, units)
  return vim.str_byteindex(vim.fn.getline(line + 1), "utf-16", units, false)
end

local function units(line, bytes)
  return vim.str_utfindex(vim.fn.getline(line + 1), "utf-16", bytes, false)
end

local function normal(finding)
  return {
    finding.lnum,
    units(finding.lnum, finding.col),
    finding.end_lnum,
    units(finding.end_lnum, finding.end_col),
    tostring(finding.code),
    finding.severity,
    finding.message,
  }
end

local function by_place(a, b)
  for index = 1, 5 do
    if a[index] ~= b[index] then
      return a[index] < b[index]
    end
  end
  return false
end

local function findings()
  local all = vim.tbl_map(normal, t.found())
  table.sort(all, by_place)
  return vim.json.encode(all)
end

local function run()
  local session = vim.json.decode(read(vim.env.SESSION))
  t.start(vim.env.STRIZH_DEMO .. "/" .. session.file)
  t.wait_for("findings", function()
    return #t.found() > 0
  end)
  for _, edit in ipairs(session.edits) do
    local start, stop = byte(edit.line, edit.start), byte(edit.line, edit["end"])
    vim.api.nvim_buf_set_text(0, edit.line, start, edit.line, stop, vim.split(edit.text, "\n"))
  end
  local seen
  t.wait_for("findings that stay", function()
    local before = seen
    seen = findings()
    vim.wait(SETTLED_MS)
    return seen == before and seen:find(session.lastFinding, 1, true)
  end)
  vim.fn.writefile({ seen }, vim.env.SESSION_RESULT)
  t.finish(0, "ok the session of edits")
end

local ok, reason = xpcall(run, debug.traceback)
t.check(ok, tostring(reason))

-- The plugin as a user meets it: file type, commands, findings, symbols, health, help, a killed server.

package.path = vim.fs.dirname(vim.fn.fnamemodify(debug.getinfo(1, "S").source:sub(2), ":p")) .. "/?.lua;" .. package.path
local t = require("support")

local function symbols()
  local params = { textDocument = vim.lsp.util.make_text_document_params(0) }
  local response = t.client():request_sync("textDocument/documentSymbol", params, t.request_ms, 0)
  t.check(response and not response.err, "document symbols: " .. vim.inspect(response))
  return response.result or {}
end

local function health()
  vim.cmd("checkhealth strizh")
  local said = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
  t.check(said:find("strizh %d+%.%d+%.%d+"), "checkhealth does not tell the version: " .. said)
  t.check(said:find("client %d+: root"), "checkhealth does not see the client: " .. said)
  t.check(not said:find("ERROR"), "checkhealth complains: " .. said)
  vim.cmd.bwipeout({ bang = true })
end

local function help()
  local folder = vim.fs.dirname(vim.api.nvim_get_runtime_file("doc/strizh.txt", false)[1])
  local scratch = vim.fn.tempname()
  vim.fn.mkdir(scratch .. "/doc", "p")
  vim.uv.fs_copyfile(folder .. "/strizh.txt", scratch .. "/doc/strizh.txt")
  vim.cmd.helptags(scratch .. "/doc")
  local tags = table.concat(vim.fn.readfile(scratch .. "/doc/tags"), "\n")
  for _, name in ipairs({ "Info", "Restart", "Model", "Explain", "Document", "Generate", "Reload", "Profile", "Measure", "ExplainError" }) do
    t.check(vim.fn.exists(":Strizh" .. name) == 2, "there is no command :Strizh" .. name)
    t.check(tags:find(":Strizh" .. name .. "\t", 1, true), ":Strizh" .. name .. " has no help")
  end
end

local function killed()
  local before = t.client()
  local text = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  vim.api.nvim_buf_set_lines(0, -1, -1, false, { "// " })
  for _, child in ipairs(vim.api.nvim_get_proc_children(vim.fn.getpid())) do
    if vim.fn.readfile(("/proc/%d/comm"):format(child))[1]:find("^strizh") then
      vim.uv.kill(child, "sigkill")
    end
  end
  t.wait_for("another server", function()
    local client = t.client()
    return client and client.id ~= before.id and client.initialized
  end)
  t.check(#vim.api.nvim_buf_get_lines(0, 0, -1, false) == #text + 1, "the text has changed")
  t.wait_for("findings of the new server", function()
    return #t.found() > 0
  end)
end

local function run()
  t.start(t.check(vim.env.STRIZH_DEMO, "STRIZH_DEMO is not set"))
  t.check(vim.bo.filetype == "bsl", "the file type is " .. vim.bo.filetype)
  t.check(vim.bo.commentstring == "// %s", "ftplugin/bsl.lua was not loaded")
  t.wait_for("findings", function()
    return #t.found() > 0
  end)
  local count = #t.found()
  t.check(#symbols() > 0, "no document symbols")
  t.check(#vim.treesitter.query.get_files("bsl", "highlights") > 0, "no queries for tree-sitter")
  help()
  health()
  killed()
  t.finish(0, ("ok Neovim %s: %d findings, health, help, a killed server"):format(vim.version(), count))
end

local ok, reason = xpcall(run, debug.traceback)
t.check(ok, tostring(reason))

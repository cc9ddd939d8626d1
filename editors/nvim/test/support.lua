-- What the scripts of this folder share. They run as `nvim --clean --headless -l FILE.lua`.

local M = { wait_ms = 20000, poll_ms = 20, request_ms = 5000 }

function M.finish(code, message)
  io.stdout:write(message, "\n")
  vim.iter(vim.lsp.get_clients()):each(function(client)
    client:stop(true)
  end)
  if code == 0 then
    vim.cmd("qa!")
  end
  os.exit(code)
end

function M.check(condition, message)
  if not condition then
    M.finish(1, "not ok " .. message)
  end
  return condition
end

--- Waits until `ask` answers something true.
function M.wait_for(what, ask)
  local answer
  vim.wait(M.wait_ms, function()
    answer = ask()
    return answer
  end, M.poll_ms)
  return M.check(answer, "waited in vain for " .. what)
end

--- Loads the plugin as a user's configuration would and opens a file.
function M.start(file)
  local binary = M.check(vim.env.STRIZH_BIN, "STRIZH_BIN is not set")
  M.check(vim.fn.executable(binary) == 1, "not executable: " .. binary)
  M.check(vim.fn.filereadable(file) == 1, "not readable: " .. file)
  local script = debug.getinfo(1, "S").source:sub(2)
  vim.opt.runtimepath:prepend(vim.fs.dirname(vim.fs.dirname(vim.fn.fnamemodify(script, ":p"))))
  vim.cmd("filetype off") -- it has already been on, without this plugin
  vim.cmd("filetype plugin on")
  vim.cmd.runtime("plugin/strizh.lua")
  vim.lsp.config("strizh", { cmd = { binary, "lsp" } })
  vim.cmd.edit(vim.fn.fnameescape(file))
end

function M.client()
  return vim.lsp.get_clients({ name = "strizh", bufnr = 0 })[1]
end

--- Findings that the server pushed or was asked for.
function M.found()
  local client = M.client()
  if not client then
    return {}
  end
  local push = vim.diagnostic.get(0, { namespace = vim.lsp.diagnostic.get_namespace(client.id) })
  local pull = vim.diagnostic.get(0, { namespace = vim.lsp.diagnostic.get_namespace(client.id, true) })
  if #push + #pull == 0 then
    pull = vim.diagnostic.get(0) -- 0.12 names these namespaces otherwise
  end
  return vim.list_extend(push, pull)
end

return M

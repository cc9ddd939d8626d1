-- STRIZH_BIN=… STRIZH_DEMO=….bsl nvim --clean --headless -l smoke.lua: exit code 0 when the server works.

local WAIT_MS = 20000
local REQUEST_MS = 5000
local POLL_MS = 20

local function finish(code, message)
  io.stdout:write("nvim smoke: ", message, "\n")
  vim.iter(vim.lsp.get_clients()):each(function(client)
    client:stop(true)
  end)
  os.exit(code)
end

local function check(condition, message)
  if not condition then
    finish(1, message)
  end
  return condition
end

local function the_client()
  return vim.lsp.get_clients({ name = "strizh", bufnr = 0 })[1]
end

local function diagnostics(client)
  local push = vim.diagnostic.get(0, { namespace = vim.lsp.diagnostic.get_namespace(client.id) })
  local pull = vim.diagnostic.get(0, { namespace = vim.lsp.diagnostic.get_namespace(client.id, true) })
  return vim.list_extend(push, pull)
end

local function symbols(client)
  local params = { textDocument = vim.lsp.util.make_text_document_params(0) }
  local response, reason = client:request_sync("textDocument/documentSymbol", params, REQUEST_MS, 0)
  check(response, "document symbols: " .. tostring(reason))
  check(not response.err, "document symbols: " .. vim.inspect(response.err))
  return type(response.result) == "table" and response.result or {}
end

local function run()
  local binary = check(vim.env.STRIZH_BIN, "STRIZH_BIN is not set")
  local demo = check(vim.env.STRIZH_DEMO, "STRIZH_DEMO is not set")
  check(vim.fn.executable(binary) == 1, "not executable: " .. binary)
  check(vim.fn.filereadable(demo) == 1, "not readable: " .. demo)

  local script = debug.getinfo(1, "S").source:sub(2)
  vim.opt.runtimepath:prepend(vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(script))))
  vim.cmd("filetype off") -- it has already been on, without this plugin
  vim.cmd("filetype plugin on")
  vim.cmd.runtime("plugin/strizh.lua")
  vim.lsp.config("strizh", { cmd = { binary, "lsp" } })

  vim.cmd.edit(vim.fn.fnameescape(demo))
  check(vim.bo.filetype == "bsl", "the file type is " .. vim.bo.filetype)
  check(vim.bo.commentstring == "// %s", "ftplugin/bsl.lua was not loaded")
  check(vim.fn.exists(":StrizhRestart") == 2, "plugin/strizh.lua was not loaded")

  vim.wait(WAIT_MS, function()
    local client = the_client()
    return client and #diagnostics(client) > 0
  end, POLL_MS)
  local client = check(the_client(), "the server did not start or has stopped")
  local found = diagnostics(client)
  check(#found > 0, ("no diagnostics after %d s"):format(WAIT_MS / 1000))
  check(#symbols(client) > 0, "no document symbols")
  finish(0, ("ok (%d diagnostics)"):format(#found))
end

local ok, reason = xpcall(run, debug.traceback)
check(ok, tostring(reason))

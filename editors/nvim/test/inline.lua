-- Neovim 0.12: grey text appears while typing and is accepted. Runs as `nvim --headless -u NONE -i NONE +"luafile inline.lua"`:
-- suggestions are asked for in insert mode only, which needs the loop of a real session.

local file = vim.env.STRIZH_DEMO
vim.opt.runtimepath:prepend(vim.env.PLUGIN)
vim.cmd("filetype plugin on")
vim.cmd.runtime("plugin/strizh.lua")
vim.lsp.config("strizh", { cmd = { vim.env.STRIZH_BIN, "lsp" } })
vim.cmd.edit(vim.fn.fnameescape(file))

local function finish(code, message)
  io.stdout:write(message, "\n")
  vim.iter(vim.lsp.get_clients()):each(function(client)
    client:stop(true)
  end)
  vim.cmd(code == 0 and "qa!" or "cq!")
end

local ready = vim.wait(20000, function()
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  return client and client.initialized and #vim.diagnostic.get(0) > 0
end, 20)
if not ready then
  finish(1, "not ok no findings")
end
vim.lsp.inline_completion.enable(true, { bufnr = 0 })

local pattern = [[УстановитьПараметр("Контрагент", Контрагент);]]
local line = vim.fn.search([[\V]] .. pattern)
vim.api.nvim_win_set_cursor(0, { line, 0 })
vim.api.nvim_feedkeys("oРезультат = Запрос.", "n", true) -- "р" contains a byte that is special otherwise

local tries = 0
vim.fn.timer_start(200, function(timer)
  tries = tries + 1
  local accepted = vim.lsp.inline_completion.get()
  if not accepted and tries < 50 then
    return
  end
  vim.fn.timer_stop(timer)
  vim.defer_fn(function()
    local text = vim.api.nvim_buf_get_lines(0, line, line + 1, false)[1]
    local is_longer = vim.startswith(vim.trim(text), "Результат = Запрос.Выполнить")
    finish((accepted and is_longer) and 0 or 1, ("%s grey text: %s"):format(accepted and "ok" or "not ok", text))
  end, 300)
end, { ["repeat"] = -1 })

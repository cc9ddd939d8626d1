-- :checkhealth strizh

local M = {}

local function server()
  local command = vim.tbl_get(vim.lsp.config, "strizh", "cmd", 1)
  if type(command) ~= "string" or vim.fn.executable(command) == 0 then
    return vim.health.error(("not executable: %s"):format(tostring(command)), {
      "put strizh into PATH, or",
      'vim.lsp.config("strizh", { cmd = { "/path/to/strizh", "lsp" } })',
    })
  end
  local said = vim.system({ command, "--version" }, { text = true, timeout = 5000 }):wait()
  if said.code == 0 then
    vim.health.ok(("%s (%s)"):format(vim.trim(said.stdout), vim.fn.exepath(command)))
  else
    vim.health.error(("%s --version ended with %d"):format(command, said.code))
  end
end

local function clients()
  local running = vim.lsp.get_clients({ name = "strizh" })
  for _, client in ipairs(running) do
    local files = vim.tbl_count(client.attached_buffers)
    vim.health.ok(("client %d: root %s, %d buffers"):format(client.id, client.root_dir or "none", files))
  end
  if #running == 0 then
    vim.health.info("no server runs: it starts with the first .bsl or .os file")
  end
end

function M.check()
  vim.health.start("strizh")
  if vim.fn.has("nvim-0.11") == 0 then
    return vim.health.error("Neovim 0.11 or later is needed")
  end
  server()
  clients()
  if vim.lsp.inline_completion then
    vim.health.ok("suggestions as grey text: vim.lsp.inline_completion.enable(true)")
  else
    vim.health.info("grey text needs Neovim 0.12; suggestions are in the completion list when you ask for it")
  end
  for _, language in ipairs({ "bsl", "sdbl" }) do
    if pcall(vim.treesitter.language.add, language) and vim.treesitter.language.add(language) then
      vim.health.ok(("tree-sitter parser %s"):format(language))
    else
      vim.health.info(("no tree-sitter parser %s: colours come from the server; see :help strizh-colours"):format(language))
    end
  end
end

return M

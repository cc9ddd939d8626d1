-- Enables the server for BSL buffers and defines :StrizhInfo and :StrizhRestart.

if vim.g.loaded_strizh then
  return
end
vim.g.loaded_strizh = true

local NAME = "strizh"
local POLL_MS = 50
local STOP_TIMEOUT_MS = 5000

if vim.fn.has("nvim-0.11") == 0 then
  vim.notify("strizh needs Neovim 0.11 or later", vim.log.levels.ERROR)
  return
end

---@param client vim.lsp.Client
local function describe(client)
  local version = vim.tbl_get(client, "server_info", "version") or "unknown version"
  local command = client.config.cmd
  local buffers = vim.tbl_map(function(buffer)
    return "  " .. vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ":~:.")
  end, vim.tbl_keys(client.attached_buffers))
  table.sort(buffers)
  return vim.list_extend({
    ("%s %s (client %d)"):format(NAME, version, client.id),
    "command: " .. (type(command) == "table" and table.concat(command, " ") or "function"),
    "root: " .. (client.root_dir or "none"),
    "buffers:",
  }, buffers)
end

local function info()
  local clients = vim.lsp.get_clients({ name = NAME })
  if #clients > 0 then
    local lines = vim.iter(clients):map(describe):flatten():totable()
    return vim.api.nvim_echo({ { table.concat(lines, "\n") } }, false, {})
  end
  local command = vim.tbl_get(vim.lsp.config, NAME, "cmd", 1)
  local found = type(command) == "string" and vim.fn.executable(command) == 1
  local reason = found and "open a BSL file or use :StrizhRestart" or ("not executable: %s"):format(command or "cmd")
  vim.notify(("strizh is not running: %s"):format(reason), vim.log.levels.WARN)
end

local function running()
  return #vim.lsp.get_clients({ name = NAME }) > 0
end

--- Asks every server to stop, kills those that do not, and attaches the open buffers again.
local function restart()
  for _, client in ipairs(vim.lsp.get_clients({ name = NAME })) do
    client:stop()
  end
  local deadline = vim.uv.now() + STOP_TIMEOUT_MS
  local function when_stopped()
    if running() then
      if vim.uv.now() > deadline then
        for _, client in ipairs(vim.lsp.get_clients({ name = NAME })) do
          client:stop(true)
        end
      end
      return vim.defer_fn(when_stopped, POLL_MS)
    end
    vim.lsp.enable(NAME)
  end
  when_stopped()
end

vim.api.nvim_create_user_command("StrizhInfo", info, { desc = "Show the state of the strizh server" })
vim.api.nvim_create_user_command("StrizhRestart", restart, { desc = "Restart the strizh server" })

if vim.g.strizh_enable ~= false then
  vim.lsp.enable(NAME)
end

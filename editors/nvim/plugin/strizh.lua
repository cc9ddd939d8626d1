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

--- Sends a request of the server's own about the current buffer.
local function request(method, params, show)
  local client = vim.lsp.get_clients({ name = NAME, bufnr = 0 })[1]
  if not client then
    return vim.notify("strizh is not running", vim.log.levels.WARN)
  end
  client:request(method, params, function(failure, result)
    if failure then
      return vim.notify(failure.message, vim.log.levels.ERROR)
    end
    if show and result and result ~= vim.NIL then
      show(result)
    end
  end, 0)
end

--- Runs a command of the server for the place of the cursor.
local function at_cursor(command, show)
  return function()
    local client = vim.lsp.get_clients({ name = NAME, bufnr = 0 })[1]
    local encoding = client and client.offset_encoding or "utf-16"
    local place = vim.lsp.util.make_position_params(0, encoding)
    request("workspace/executeCommand", { command = command, arguments = { place.textDocument.uri, place.position } }, show)
  end
end

local function explain(result)
  vim.lsp.util.open_floating_preview(vim.split(result.markdown, "\n"), "markdown", { focus_id = "strizh" })
end

local function model()
  request("strizh/model", nil, function(status)
    local text = ("Strizh AI: %s %s"):format(status.state, status.name)
    vim.notify(status.message ~= "" and (text .. " (" .. status.message .. ")") or text)
  end)
end

vim.api.nvim_create_user_command("StrizhModel", model, { desc = "Show the state of the model" })
vim.api.nvim_create_user_command("StrizhExplain", at_cursor("strizh.explain", explain), { desc = "Explain the method" })
vim.api.nvim_create_user_command("StrizhDocument", at_cursor("strizh.documentMethod"), { desc = "Document the method" })
vim.api.nvim_create_user_command("StrizhGenerate", at_cursor("strizh.generateFromComment"), { desc = "Write code from the comment" })
vim.api.nvim_create_user_command("StrizhInfo", info, { desc = "Show the state of the strizh server" })
vim.api.nvim_create_user_command("StrizhRestart", restart, { desc = "Restart the strizh server" })

if vim.g.strizh_enable ~= false then
  vim.lsp.enable(NAME)
end

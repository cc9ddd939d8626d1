-- Enables the server for BSL buffers and defines the commands :Strizh….

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
  vim.notify("strizh is not running: open a BSL file, or see :checkhealth strizh", vim.log.levels.WARN)
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

--- What commands answer: text to read.
local function show(result)
  if type(result) ~= "table" then
    return
  end
  local text = result.markdown or result.text
  if text then
    vim.lsp.util.open_floating_preview(vim.split(text, "\n"), "markdown", { focus_id = NAME })
  end
end

local function execute(command, arguments)
  request("workspace/executeCommand", { command = command, arguments = arguments }, show)
end

--- Runs a command of the server for the place of the cursor.
local function at_cursor(command)
  return function()
    local client = vim.lsp.get_clients({ name = NAME, bufnr = 0 })[1]
    local place = vim.lsp.util.make_position_params(0, client and client.offset_encoding or "utf-16")
    execute(command, { place.textDocument.uri, place.position })
  end
end

local function model()
  request("strizh/model", nil, function(status)
    local text = ("Strizh AI: %s %s"):format(status.state, status.name)
    vim.notify(status.message ~= "" and (text .. " (" .. status.message .. ")") or text)
  end)
end

local function reload()
  vim.cmd.update()
  execute("strizh.hotReload", { vim.uri_from_bufnr(0) })
end

--- :StrizhProfile FILE_OR_FOLDER, :StrizhProfile! takes it away again.
local function profile(options)
  if options.bang then
    return execute("strizh.profile.clear", {})
  end
  execute("strizh.profile.import", { vim.uri_from_fname(vim.fs.abspath(options.args)) })
end

--- :StrizhMeasure [URL [INFOBASE]] starts, :StrizhMeasure! stops and shows the lines.
local function measure(options)
  execute("strizh.profile." .. (options.bang and "stop" or "start"), options.fargs)
end

--- The selected lines, or what was copied.
local function explain_error(options)
  local lines = options.range > 0 and vim.api.nvim_buf_get_lines(0, options.line1 - 1, options.line2, false)
  local text = lines and table.concat(lines, "\n") or vim.fn.getreg('"')
  execute("strizh.explainError", { text })
end

local function define(name, action, options)
  vim.api.nvim_create_user_command("Strizh" .. name, action, options)
end

define("Info", info, { desc = "Show the state of the strizh server" })
define("Restart", restart, { desc = "Restart the strizh server" })
define("Model", model, { desc = "Show the state of the model" })
define("Explain", at_cursor("strizh.explain"), { desc = "Explain the method" })
define("Document", at_cursor("strizh.documentMethod"), { desc = "Document the method" })
define("Generate", at_cursor("strizh.generateFromComment"), { desc = "Write code from the comment" })
define("Reload", reload, { desc = "Put this module into the running infobase" })
define("Profile", profile, { desc = "Show a profile; ! takes it away", nargs = "?", bang = true, complete = "file" })
define("Measure", measure, { desc = "Measure the running infobase; ! stops and shows it", nargs = "*", bang = true })
define("ExplainError", explain_error, { desc = "Explain the selected or copied error", range = true })

if vim.g.strizh_enable ~= false then
  vim.lsp.enable(NAME)
end

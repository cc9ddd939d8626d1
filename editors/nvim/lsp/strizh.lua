-- Client configuration of the strizh language server. Extend it with vim.lsp.config("strizh", { … }).

local MAX_RESTARTS = 3
local restarts = 0

---@type vim.lsp.Config
return {
  cmd = { "strizh", "lsp" },
  filetypes = { "bsl" },
  -- One level of priority after another: the file with the rules marks the root of the workspace even
  -- when the configuration itself lies deeper.
  root_markers = {
    ".bsl-language-server.json",
    "DT-INF", -- an EDT project; a marker must be a direct child of the root
    "Configuration.xml",
    "lib.config",
    ".git",
  },
  settings = { strizh = vim.empty_dict() },
  before_init = function(params, config)
    params.initializationOptions = vim.tbl_get(config, "settings", "strizh")
  end,
  -- A server that was killed is started again for the open buffers, a few times.
  on_exit = function(_, signal)
    if signal == 0 or vim.v.exiting ~= vim.NIL or restarts >= MAX_RESTARTS then
      return
    end
    restarts = restarts + 1
    vim.schedule(function()
      vim.lsp.enable("strizh")
    end)
  end,
}

-- Options of a BSL buffer. Folds come from the server; all of them are open at first.

if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = 1

vim.bo.comments = "://"
vim.bo.commentstring = "// %s"
vim.bo.expandtab = false
vim.bo.shiftwidth = 0
vim.bo.tabstop = 4
vim.b.undo_ftplugin = "setlocal comments< commentstring< expandtab< shiftwidth< tabstop<"

if vim.lsp.foldexpr then
  vim.wo[0][0].foldexpr = "v:lua.vim.lsp.foldexpr()"
  vim.wo[0][0].foldlevel = 99
  vim.wo[0][0].foldmethod = "expr"
  vim.b.undo_ftplugin = vim.b.undo_ftplugin .. " foldexpr< foldlevel< foldmethod<"
end

-- Colours before the server answers, for those who have built the parser (:help strizh-colours).
pcall(vim.treesitter.start, 0, "bsl")

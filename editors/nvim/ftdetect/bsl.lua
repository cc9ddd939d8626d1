vim.filetype.add({
  extension = { bsl = "bsl", os = "bsl", query = "sdbl", sdbl = "sdbl" },
})

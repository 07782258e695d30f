-- For vim.lsp.enable('inpaint'). setup{} uses the same and also shows suggestions and maps keys.
return require('inpaint.server').lsp_config()

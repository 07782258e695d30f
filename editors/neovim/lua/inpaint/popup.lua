-- Suggestions in the completion menu, for a Neovim without ghost text (before 0.12) and for those who
-- prefer it. The menu is Neovim's own; this turns it on for the server and asks while typing.
local config = require('inpaint.config')

local M = {}

--- Turns the menu on or off for one client in one buffer.
function M.enable(on, client, bufnr)
  -- It is this call, and not 'omnifunc' alone, that lets Neovim expand items of several lines: they
  -- are sent as snippets, because of anything else it inserts the first line only.
  vim.lsp.completion.enable(on, client.id, bufnr, { autotrigger = false })
  local group = vim.api.nvim_create_augroup('inpaint.popup.' .. bufnr, { clear = true })
  if not (on and config.options.popup_autotrigger) then
    return
  end
  vim.opt_local.completeopt:append({ 'menuone', 'noinsert' })
  vim.api.nvim_create_autocmd('TextChangedI', {
    group = group,
    buffer = bufnr,
    desc = 'inpaint: ask for completion items',
    callback = function()
      if vim.fn.pumvisible() == 0 then
        M.ask(bufnr)
      end
    end,
  })
end

local timers = {}
--- A pause in typing, in milliseconds; as long as that of Neovim's ghost text.
local kPause = 200

--- Asks once the typing pauses.
function M.ask(bufnr)
  if timers[bufnr] then
    timers[bufnr]:stop()
  end
  timers[bufnr] = vim.defer_fn(function()
    timers[bufnr] = nil
    local here = vim.api.nvim_get_current_buf() == bufnr
    if here and vim.startswith(vim.api.nvim_get_mode().mode, 'i') then
      vim.lsp.completion.get()
    end
  end, kPause)
end

return M

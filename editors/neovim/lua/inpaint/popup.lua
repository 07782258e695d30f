-- Suggestions in the completion menu, for a Neovim without ghost text (before 0.12) and for those
-- who prefer it. The menu is Neovim's own; this turns it on for the server and asks while typing.
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
  -- Nothing is chosen until it is chosen: a line break stays a line break.
  vim.opt_local.completeopt:append({ 'menuone', 'noselect' })
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
--- How often the same place is asked about when the answer is not ready yet.
local kTries = 5
--- By buffer: what is asked about, { tick, tries }.
local places = {}

local function tick_of(bufnr)
  return vim.api.nvim_buf_get_changedtick(bufnr)
end

--- Asks once the typing pauses.
function M.ask(bufnr)
  if timers[bufnr] then
    timers[bufnr]:stop()
  end
  local tick = tick_of(bufnr)
  timers[bufnr] = vim.defer_fn(function()
    timers[bufnr] = nil
    local here = vim.api.nvim_get_current_buf() == bufnr and tick_of(bufnr) == tick
    if here and vim.startswith(vim.api.nvim_get_mode().mode, 'i') then
      local again = places[bufnr] and places[bufnr].tick == tick
      places[bufnr] = { tick = tick, tries = again and places[bufnr].tries + 1 or 1 }
      vim.lsp.completion.get()
    end
  end, kPause)
end

--- Called with each answer. An incomplete one without items says that the suggestion is still being
--- made: Neovim forgets that, and would show nothing until the next key.
function M.answer(params, result)
  local bufnr = vim.uri_to_bufnr(params.textDocument.uri)
  local place = places[bufnr]
  local waiting = result and result.isIncomplete and #result.items == 0
  if waiting and place and place.tick == tick_of(bufnr) and place.tries < kTries then
    M.ask(bufnr)
  end
end

return M

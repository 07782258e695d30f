-- One short word for the status line, and what the server says of its progress.
local suggestion = require('inpaint.suggestion')

local M = {}

--- What the server is busy with at length (loading the model), or nil.
local progress = nil

--- Why nothing was shown last, or nil.
local nothing = nil

--- Of a reason; an error's would push everything else off the line.
local kLongest = 48

--- For the notification inpaint/status.
function M.on_status(params)
  nothing = params.nothing ~= vim.NIL and params.nothing and params.nothing.words or nil
  if nothing and vim.fn.strchars(nothing) > kLongest then
    nothing = vim.fn.strcharpart(nothing, 0, kLongest) .. '…'
  end
  vim.cmd.redrawstatus({ bang = true })
end

--- For the autocommand LspProgress.
function M.on_progress(value)
  if value.kind == 'end' then
    progress = nil
  else
    local percentage = value.percentage and (' %d%%'):format(value.percentage) or ''
    -- The server names itself in its titles, for editors that do not.
    progress = (value.title or value.message or 'busy'):gsub('^Inpaint: ', '') .. percentage
  end
  vim.cmd.redrawstatus({ bang = true })
end

--- '' where the server does not complete; else 'inpaint' and, behind it: 'off', 'starting', what it
--- is loading, '…' while a suggestion is being made, the number of alternatives on the screen, or why
--- there are none.
function M.text(enabled)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'inpaint', _uninitialized = true })[1]
  if not client then
    return ''
  elseif not enabled then
    return 'inpaint off'
  elseif not client.initialized then
    return 'inpaint starting'
  elseif progress then
    return 'inpaint ' .. progress
  elseif suggestion.pending(bufnr) > 0 then
    return 'inpaint …'
  elseif suggestion.count(bufnr) > 0 and suggestion.ghost(bufnr) then
    return ('inpaint %d'):format(suggestion.count(bufnr))
  elseif nothing then
    return ('inpaint (%s)'):format(nothing)
  end
  return 'inpaint'
end

return M

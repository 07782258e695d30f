-- Inpaint for Neovim: setup(), and what keys and commands call. See :help inpaint.
local config = require('inpaint.config')
local keys = require('inpaint.keys')
local popup = require('inpaint.popup')
local server = require('inpaint.server')
local status = require('inpaint.status')
local suggestion = require('inpaint.suggestion')

local M = {}

local enabled = true
local snooze_timer = nil

--- Shows suggestions, or does not, for one client in one buffer.
local function show(on, client, bufnr)
  if config.display() == 'popup' then
    popup.enable(on, client, bufnr)
    return
  end
  if on then
    -- Neovim shows ghost text where both the buffer and the client are switched on.
    vim.lsp.inline_completion.enable(true, { bufnr = bufnr })
  end
  vim.lsp.inline_completion.enable(on, { client_id = client.id })
end

--- Neovim's own colours grey ghost text in terminals of many colours only: elsewhere it looked like
--- text. Where the colour scheme says nothing for such terminals, it is made dark grey there as
--- well.
local function colour_ghost_text()
  for _, name in ipairs({ 'ComplHint', 'ComplHintMore' }) do
    local colours = vim.api.nvim_get_hl(0, { name = name, link = false })
    if not colours.ctermfg and next(colours) then
      colours.ctermfg = 8
      vim.api.nvim_set_hl(0, name, colours)
    end
  end
end

local function attach(client, bufnr)
  show(enabled, client, bufnr)
  if config.display() == 'inline' then
    keys.map(bufnr)
  end
end

--- Starts the server for the filetypes of the options, shows its suggestions, maps the keys.
function M.setup(options)
  if vim.fn.has('nvim-0.11') == 0 then
    vim.notify('inpaint: Neovim is older than 0.11: update Neovim', vim.log.levels.ERROR)
    return
  end
  config.set(options)
  local group = vim.api.nvim_create_augroup('inpaint', { clear = true })
  vim.api.nvim_create_autocmd('LspAttach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'inpaint' then
        attach(client, event.buf)
      end
    end,
  })
  vim.api.nvim_create_autocmd('LspDetach', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'inpaint' then
        keys.unmap(event.buf)
      end
    end,
  })
  vim.api.nvim_create_autocmd('LspProgress', {
    group = group,
    callback = function(event)
      local client = vim.lsp.get_client_by_id(event.data.client_id)
      if client and client.name == 'inpaint' then
        status.on_progress(event.data.params.value)
      end
    end,
  })
  vim.api.nvim_create_autocmd('ColorScheme', { group = group, callback = colour_ghost_text })
  colour_ghost_text()
  vim.lsp.config('inpaint', server.lsp_config())
  vim.lsp.enable('inpaint')
end

--- Accepts the suggestion on the screen. False when there is none of ours.
function M.accept(kind)
  local current = suggestion.current()
  if not current then
    return false
  end
  suggestion.apply(current, kind)
  return true
end

function M.accept_word()
  return M.accept('word')
end

function M.accept_line()
  return M.accept('line')
end

function M.dismiss()
  return suggestion.dismiss()
end

--- Shows the next alternative; asks the server for some when it has sent one only.
local function cycle(step)
  local bufnr = vim.api.nvim_get_current_buf()
  local visible = suggestion.ghost(bufnr) ~= nil
  if visible and suggestion.count(bufnr) > 1 then
    vim.lsp.inline_completion.select({ count = step })
    return
  end
  suggestion.invoke(bufnr, function()
    if visible and suggestion.count(bufnr) > 1 then
      vim.lsp.inline_completion.select({ count = step })
    end
  end)
  -- Neovim asks when the cursor moves, and has no call for it.
  pcall(vim.api.nvim_exec_autocmds, 'CursorMovedI', {
    group = 'nvim.lsp.inline_completion:' .. bufnr,
    modeline = false,
  })
end

function M.next()
  cycle(1)
end

function M.previous()
  cycle(-1)
end

function M.is_enabled()
  return enabled
end

--- Suggestions on (true or nil) or off (false), everywhere. The server stays.
function M.enable(on)
  enabled = on ~= false
  if snooze_timer then
    snooze_timer:stop()
    snooze_timer = nil
  end
  for _, client in ipairs(vim.lsp.get_clients({ name = 'inpaint' })) do
    for bufnr in pairs(client.attached_buffers) do
      show(enabled, client, bufnr)
    end
  end
  vim.cmd.redrawstatus({ bang = true })
end

function M.toggle()
  M.enable(not enabled)
  vim.notify('inpaint: suggestions are ' .. (enabled and 'on' or 'off'))
end

--- Off for so many minutes (10).
function M.snooze(minutes)
  minutes = minutes or 10
  M.enable(false)
  snooze_timer = vim.defer_fn(function()
    M.enable(true)
  end, math.floor(minutes * 60 * 1000))
  vim.notify(('inpaint: no suggestions for %g minutes'):format(minutes))
end

function M.restart()
  server.restart()
end

--- Shows why nothing was suggested lately, in a window that goes with the next key.
function M.why()
  if not enabled then
    vim.notify('inpaint: suggestions are off: :InpaintToggle switches them on')
    return
  end
  server.why(function(text)
    vim.lsp.util.open_floating_preview(vim.split(vim.trim(text), '\n'), 'text', {
      focus_id = 'inpaint-why', -- the command a second time goes into the window
      title = 'Why was nothing shown?',
      border = 'single',
    })
  end)
end

--- For the status line: %{v:lua.require'inpaint'.status()}
function M.status()
  return status.text(enabled)
end

return M

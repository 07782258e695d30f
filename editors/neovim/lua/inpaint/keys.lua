-- The keys of insert mode, in buffers that the server completes.
--
-- Every key does what it did before when there is no suggestion: the mapping that was there, the
-- user's or another plugin's, is called; without one the key itself is typed (an Alt key does
-- nothing).
local config = require('inpaint.config')
local suggestion = require('inpaint.suggestion')

local M = {}

--- By buffer and key: the buffer's own mapping that ours has taken the place of.
local before = {}

local function find(mappings, key)
  local raw = vim.keycode(key)
  for _, mapping in ipairs(mappings) do
    if vim.keycode(mapping.lhs) == raw then
      return mapping
    end
  end
end

--- Runs the mapping that ours has taken the place of; called by what fall_back() returns, since no
--- text may change while a mapping is evaluated.
function M.call_before(bufnr, key)
  local mapping = (before[bufnr] or {})[key] or find(vim.api.nvim_get_keymap('i'), key)
  if mapping and mapping.callback then
    mapping.callback()
  end
end

--- The keys to type instead of ours.
local function fall_back(bufnr, key)
  local mapping = (before[bufnr] or {})[key] or find(vim.api.nvim_get_keymap('i'), key)
  if not mapping then
    -- Neovim takes an Alt key without a mapping for <Esc> and the letter: to press one once too
    -- often would end insert mode.
    return key:find('^<[MA]%-') and '' or vim.keycode(key)
  end
  local keys
  if mapping.expr == 1 then
    keys = mapping.callback and mapping.callback() or vim.api.nvim_eval(mapping.rhs)
    if type(keys) ~= 'string' then
      return ''
    end
    keys = mapping.replace_keycodes == 1 and vim.keycode(keys) or keys
  elseif mapping.callback then
    local call = "<Cmd>lua require('inpaint.keys').call_before(%d, %q)<CR>"
    return vim.keycode(call:format(bufnr, (key:gsub('<', '<lt>'))))
  else
    keys = vim.keycode(mapping.rhs or '')
  end
  if mapping.noremap == 1 then
    return keys
  end
  vim.api.nvim_feedkeys(keys, 'im', false)
  return ''
end

--- Whether the key is ours now. Neovim's own menu and another server's suggestion come first.
local function ours(action)
  if vim.fn.pumvisible() == 1 then
    return false
  end
  if action == 'next' or action == 'previous' then
    return true
  end
  return suggestion.current() ~= nil
end

--- Does what the key is for. Neovim evaluates a mapping when it looks ahead in what is typed, with
--- the letters before the key still to come: they may have left nothing to accept.
function M.run(bufnr, action)
  if require('inpaint')[action]() == false then
    vim.api.nvim_feedkeys(fall_back(bufnr, config.options.keys[action]), 'in', false)
  end
end

--- Maps the configured keys in the buffer.
function M.map(bufnr)
  before[bufnr] = before[bufnr] or {}
  for action, key in pairs(config.options.keys) do
    if key then
      local there = find(vim.api.nvim_buf_get_keymap(bufnr, 'i'), key)
      if not (there and there.desc and vim.startswith(there.desc, 'inpaint: ')) then
        before[bufnr][key] = there
      end
      vim.keymap.set('i', key, function()
        if ours(action) then
          local run = "<Cmd>lua require('inpaint.keys').run(%d, '%s')<CR>"
          return vim.keycode(run:format(bufnr, action))
        end
        return fall_back(bufnr, key)
      end, {
        buffer = bufnr,
        expr = true,
        replace_keycodes = false,
        desc = 'inpaint: ' .. action:gsub('_', ' '),
      })
    end
  end
end

--- Takes our mappings away and puts back those that were there.
function M.unmap(bufnr)
  if not vim.api.nvim_buf_is_valid(bufnr) then
    before[bufnr] = nil
    return
  end
  for _, mapping in ipairs(vim.api.nvim_buf_get_keymap(bufnr, 'i')) do
    if mapping.desc and vim.startswith(mapping.desc, 'inpaint: ') then
      vim.keymap.del('i', mapping.lhs, { buffer = bufnr })
    end
  end
  for _, mapping in pairs(before[bufnr] or {}) do
    vim.fn.mapset('i', false, mapping)
  end
  before[bufnr] = nil
end

return M

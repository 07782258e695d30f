-- The options of setup(), their defaults, and a check that says which one is wrong and why.
local M = {}

--- What the server is started for: the languages whose grammars are linked into it, and behind them some
--- that it completes line by line, without the parser's checks. Any other filetype may be added.
M.defaults = {
  -- The program and its arguments: a list, as vim.lsp.Config wants it.
  cmd = { 'inpaint', 'serve', '--stdio' },
  -- A model's name, folder or .gguf file; nil: the one that `inpaint models list` marks with a star.
  model = nil,
  filetypes = {
    'c',
    'cpp',
    'python',
    'javascript',
    'javascriptreact',
    'typescript',
    'typescriptreact',
    'rust',
    'go',
    'java',
    'cs',
    'php',
    'ruby',
    'kotlin',
    'sh',
    'bash',
  },
  root_markers = { '.git' },
  -- How suggestions are shown: 'inline' (ghost text, needs Neovim 0.12), 'popup' (the completion
  -- menu), or 'auto': ghost text where the editor can.
  display = 'auto',
  -- In the menu: ask while typing (else only with CTRL-X CTRL-O).
  popup_autotrigger = true,
  -- Mapped in insert mode, in buffers that the server completes only. A key set to false is not
  -- mapped; keys = false maps none.
  keys = {
    accept = '<Tab>',
    accept_word = '<M-w>',
    accept_line = '<M-l>',
    next = '<M-n>',
    previous = '<M-p>',
    dismiss = '<C-]>',
  },
  -- Answered when the server asks for its configuration, under the section 'inpaint'.
  settings = {},
  -- Handed to the server as it starts.
  init_options = {},
}

M.options = vim.deepcopy(M.defaults)

--- Whether this Neovim has ghost text of its own.
function M.has_inline()
  return vim.lsp.inline_completion ~= nil
end

--- 'inline' or 'popup'.
function M.display()
  local display = M.options.display
  if display == 'auto' then
    display = M.has_inline() and 'inline' or 'popup'
  end
  return display
end

local function one_of(allowed)
  return function(value)
    return vim.tbl_contains(allowed, value)
  end, 'one of ' .. table.concat(allowed, ', ')
end

local function list_of_strings(value)
  if type(value) ~= 'table' or not vim.islist(value) or #value == 0 then
    return false
  end
  return vim.iter(value):all(function(item)
    return type(item) == 'string'
  end)
end

--- Takes the user's options. Raises an error that names the option when one is wrong.
function M.set(options)
  vim.validate('setup() argument', options, 'table', true)
  options = options or {}
  for name in pairs(options) do
    if M.defaults[name] == nil and name ~= 'model' then
      error(("inpaint: unknown option '%s': see :help inpaint-options"):format(name), 0)
    end
  end
  if options.keys == false then
    options = vim.tbl_extend('force', options, { keys = {} })
    for action in pairs(M.defaults.keys) do
      options.keys[action] = false
    end
  end
  local merged = vim.tbl_deep_extend('force', vim.deepcopy(M.defaults), options)
  -- Lists are replaced, not merged.
  for _, name in ipairs({ 'cmd', 'filetypes', 'root_markers' }) do
    merged[name] = vim.deepcopy(options[name] or M.defaults[name])
    vim.validate(name, merged[name], list_of_strings, 'a list of strings')
  end
  vim.validate('model', merged.model, 'string', true)
  vim.validate('display', merged.display, one_of({ 'auto', 'inline', 'popup' }))
  vim.validate('popup_autotrigger', merged.popup_autotrigger, 'boolean')
  vim.validate('settings', merged.settings, 'table')
  vim.validate('init_options', merged.init_options, 'table')
  for action, key in pairs(merged.keys) do
    if M.defaults.keys[action] == nil then
      error(("inpaint: unknown key '%s': see :help inpaint-keys"):format(action), 0)
    end
    if key ~= false then
      vim.validate('keys.' .. action, key, 'string')
    end
  end
  if merged.display == 'inline' and not M.has_inline() then
    error("inpaint: display = 'inline' needs Neovim 0.12: leave it at 'auto'", 0)
  end
  M.options = merged
  return merged
end

return M

-- Suggestions in the completion menu, as a Neovim before 0.12 shows them. The menu is the one of
-- the Neovim that runs the tests.
local apply = require('apply')
local neovim = require('child')
local places = require('places')

local kPopup = { display = 'popup', settings = { gate = false } }

local tests = {}
local function test(name, run)
  table.insert(tests, { name, run })
end

local kItems = 'textDocument/completion'
--- How often the plug-in asks about one place while the answer is not ready.
local kTries = 5

--- Types at the places until the menu is open on its own; returns the item and the text before.
local function with_menu(list)
  local child = neovim.start({ setup = kPopup })
  local place
  for i, candidate in ipairs(list) do
    place = candidate
    local asked = child:asked(kItems)
    places.go(child, ('place%d.py'):format(i), place)
    child:type_text(place.typed)
    local open
    child:wait('the menu, or the last try', function()
      open = child:call('nvim_call_function', 'pumvisible', {}) == 1
      return open or child:answered(kItems) >= asked + kTries
    end)
    local answer = child:answer()
    if open then
      local items = answer.result.items or answer.result
      return child, child:text(), items[1], answer
    end
    child:type('<Esc>')
    child:call('nvim_command', 'write')
  end
  error('the menu did not open at any place\n' .. child:describe())
end

test('the menu opens while typing, and its item is inserted whole', function()
  local child, text, item, answer = with_menu(places.python)
  assert(not item.label:find('\n', 1, true), vim.inspect(item))
  child:type('<C-n><C-y>')
  local edit = item.textEdit or { range = nil, newText = item.insertText or item.label }
  local position = answer.params.position
  local range = edit.range or edit.insert or { start = position, ['end'] = position }
  local new = edit.newText
  if item.insertTextFormat == 2 then
    local indent = child:lines()[position.line + 1]:match('^%s*')
    new = apply.snippet(new, indent)
  end
  local expected = apply.edit(text, range, new)
  child:wait('the item in the buffer', function()
    return child:text() == expected
  end)
  child:stop()
end)

test('no key is mapped', function()
  local child = neovim.start({ setup = kPopup })
  child:open('a.py', '')
  local mapped = child:lua([[
    return vim.iter(vim.api.nvim_buf_get_keymap(0, 'i'))
      :filter(function(m) return m.desc and vim.startswith(m.desc, 'inpaint') end):totable()
  ]])
  assert(#mapped == 0, vim.inspect(mapped))
  child:stop()
end)

test('the server is told that there is no ghost text, and is asked for none', function()
  local child = with_menu(places.python)
  assert(child:asked('textDocument/inlineCompletion') == 0)
  local capabilities = child:lua('return _G.initialize.capabilities.textDocument')
  assert(capabilities.completion ~= nil and capabilities.inlineCompletion == nil)
  child:stop()
end)

return tests

-- Ghost text while typing: shown, accepted, typed over, undone.
local apply = require('apply')
local neovim = require('child')
local places = require('places')

--- Low confidence is not what is tested here: suggestions are wanted.
local kEager = { settings = { gate = false } }

local function equal(actual, expected, child)
  if not vim.deep_equal(actual, expected) then
    error(
      ('expected %s\nbut got  %s\n%s'):format(
        vim.inspect(expected),
        vim.inspect(actual),
        child:describe()
      ),
      2
    )
  end
end

--- A child in which a suggestion is shown.
local function with_suggestion(list, change, extension)
  local child = neovim.start({ setup = kEager })
  return child, places.suggest(child, list or places.python, extension, change)
end

local function accepted(shown)
  return apply.inline(shown.text, shown.item, shown.position)
end

local tests = {}
local function test(name, run)
  table.insert(tests, { name, run })
end

test('ghost text is accepted as the server sent it', function()
  local child, shown = with_suggestion()
  child:type('<Tab>')
  equal(child:text(), accepted(shown), child)
  equal(child:ghost(), nil, child)
  equal(child:call('nvim_get_mode').mode, 'i', child)
  child:type_text('# on')
  local row, column = unpack(child:cursor())
  local line = child:lines()[row]
  equal(line:sub(column - 3, column), '# on', child) -- the cursor stood behind the suggestion
  child:stop()
end)

test('accepting is one step of undo', function()
  local child, shown = with_suggestion()
  child:type('<Tab>')
  equal(child:text(), accepted(shown), child)
  child:type('<Esc>u')
  equal(child:text(), shown.text, child)
  child:type('<C-r>')
  equal(child:text(), accepted(shown), child)
  child:stop()
end)

test('what is typed of a suggestion is not doubled when it is accepted at once', function()
  local child, shown = with_suggestion()
  -- Both keys are there before Neovim can ask anew: it would double the first (neovim#36529).
  local first = vim.fn.strcharpart(shown.ghost, 0, 1)
  child:type((first == '<' and '<lt>' or first) .. '<Tab>')
  equal(child:text(), accepted(shown), child)
  child:stop()
end)

test('a suggestion that the typing contradicts is not accepted', function()
  local child, shown = with_suggestion()
  child:call('nvim_set_option_value', 'expandtab', false, { scope = 'local' })
  local letter = vim.startswith(shown.ghost, 'q') and 'z' or 'q'
  child:type(letter .. '<Tab>')
  local at = { start = shown.position, ['end'] = shown.position }
  equal(child:text(), apply.edit(shown.text, at, letter .. '\t'), child)
  child:stop()
end)

test('word by word gives the same text as all at once', function()
  local child, shown = with_suggestion()
  local words = 0
  while child:text() ~= accepted(shown) do
    local before = #child:text()
    child:type('<M-w>')
    words = words + 1
    if #child:text() <= before or words > 200 then
      error('no word was added\n' .. child:describe())
    end
  end
  child:type('<Esc>')
  child:stop()
end)

test('words that are accepted faster than the screen is drawn are all accepted', function()
  local child, shown = with_suggestion()
  child:type(('<M-w>'):rep(200)) -- those behind the last word do nothing
  equal(child:text(), accepted(shown), child)
  equal(child:call('nvim_get_mode').mode, 'i', child)
  child:stop()
end)

test('the next alternative is asked for by a person', function()
  local child, shown = with_suggestion()
  local asked = child:asked('textDocument/inlineCompletion')
  child:type('<M-n>')
  places.settle(child, asked)
  local answer = child:answer()
  equal(answer.params.context.triggerKind, 1, child)
  local items = answer.result.items or answer.result
  if #items > 1 then
    equal(vim.endswith(items[2].insertText, child:ghost()), true, child)
    child:type('<Tab>')
    equal(child:text(), apply.inline(shown.text, items[2], answer.params.position), child)
  else
    child:type('<Tab>')
    equal(child:text(), apply.inline(shown.text, items[1], answer.params.position), child)
  end
  child:stop()
end)

test('a dismissed suggestion is gone, and the text as it was', function()
  local child, shown = with_suggestion()
  child:type('<C-]>')
  child:wait('the ghost text to go', function()
    return child:ghost() == nil
  end)
  equal(child:text(), shown.text, child)
  child:stop()
end)

test('Tab is a Tab where nothing is suggested', function()
  local child = neovim.start({ setup = kEager })
  child:open('empty.py', '')
  child:call('nvim_set_option_value', 'expandtab', false, { scope = 'local' })
  child:type('i<Tab>')
  equal(child:text(), '\t\n', child)
  child:stop()
end)

test("a mapping of the user's own is called where nothing is suggested", function()
  local child = neovim.start({ setup = kEager })
  child:lua([[
    vim.keymap.set('i', '<Tab>', function() vim.api.nvim_put({ 'mine' }, 'c', false, true) end)
    vim.keymap.set('i', '<C-]>', 'rhs')
    vim.keymap.set('i', '<M-l>', function() return 'by expression' end, { expr = true })
  ]])
  child:open('empty.py', '')
  child:type('i<Tab> <C-]> <M-l>')
  equal(child:text(), 'mine rhs by expression\n', child)
  child:stop()
end)

test('keys that are switched off are not mapped', function()
  local child = neovim.start({ setup = { keys = { accept = false } } })
  child:open('empty.py', '')
  local mapped = child:lua([[
    return vim.iter(vim.api.nvim_buf_get_keymap(0, 'i')):map(function(m) return m.lhs end):totable()
  ]])
  equal(vim.tbl_contains(mapped, '<Tab>'), false, child)
  equal(vim.tbl_contains(mapped, '<M-w>'), true, child)
  child:stop()
end)

test('characters of several bytes and code units do not shift the place', function()
  local child, shown = with_suggestion(places.wide)
  equal(shown.item.range ~= nil, true, child)
  child:type('<Tab>')
  equal(child:text(), accepted(shown), child)
  child:stop()
end)

test('a file with CRLF line ends keeps them', function()
  local child, shown = with_suggestion(places.python, { dos = true })
  equal(child:call('nvim_get_option_value', 'fileformat', {}), 'dos', child)
  child:type('<Tab>')
  equal(child:text(), accepted(shown), child)
  child:type('<Esc>:write<CR>')
  equal(child:disk(), (accepted(shown):gsub('\n', '\r\n')), child)
  child:stop()
end)

test('ghost text looks unlike text in a terminal of sixteen colours', function()
  local child = neovim.start({ setup = kEager })
  for _, scheme in ipairs({ 'default', 'quiet' }) do
    child:call('nvim_command', 'colorscheme ' .. scheme)
    local colours = child:lua([[
      local function colour(name)
        return vim.api.nvim_get_hl(0, { name = name, link = false }).ctermfg or 'none'
      end
      return { colour('ComplHint'), colour('Normal') }
    ]])
    assert(colours[1] ~= 'none' and colours[1] ~= colours[2], scheme .. vim.inspect(colours))
  end
  child:stop()
end)

return tests

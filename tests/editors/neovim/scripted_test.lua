-- What the plug-in does with answers that no model can be made to give: see scripted_server.py.
local neovim = require('child')

local tests = {}
local function test(name, run)
  table.insert(tests, { name, run })
end

--- An item that replaces characters `from` to `to` of the line that is asked about.
local function item(from, to, text)
  return {
    insertText = text,
    range = {
      start = { line = '$line', character = from },
      ['end'] = { line = '$line', character = to },
    },
  }
end

--- A child at `place` (`^` is the cursor), where `typed` is then typed and these answers are given.
local function type_at(place, typed, ...)
  local answers = {}
  for _, answer in ipairs({ ... }) do
    table.insert(answers, answer ~= vim.NIL and answer.error and answer or { result = answer })
  end
  local path = vim.fn.tempname()
  vim.fn.writefile({ vim.json.encode({ inline = answers }) }, path)
  local script = vim.env.INPAINT_SOURCE .. '/tests/editors/scripted_server.py'
  local child = neovim.start({ setup = { cmd = { 'python3', script, path } } })
  local before, behind = place:match('^(.-)%^(.*)$')
  child:open('a.c', before .. behind)
  local _, row = before:gsub('\n', '')
  child:call('nvim_win_set_cursor', 0, { row + 1, #before:match('[^\n]*$') })
  child:type(behind:sub(1, 1) == '\n' and 'A' or 'i')
  child:type_text(typed)
  return child
end

local function wait_for_ghost(child, text)
  child:wait('the ghost text ' .. vim.inspect(text), function()
    return child:ghost() == text
  end)
end

local function expect(child, text)
  if child:text() ~= text then
    error(('expected %s\n%s'):format(vim.inspect(text), child:describe()), 2)
  end
end

for _, case in ipairs({
  {
    name = 'several lines keep the indentation that they were sent with',
    place = 'int f(int a) {\n  ^\n}\n',
    typed = 'if (a) ',
    item = item(9, 9, '{\n    return 1;\n  } else {\n    return 2;\n  }'),
    ghost = '{\n    return 1;\n  } else {\n    return 2;\n  }',
    result = 'int f(int a) {\n  if (a) {\n    return 1;\n  } else {\n    return 2;\n  }\n}\n',
  },
  {
    name = 'text behind the cursor is replaced',
    place = 'int x = f(^);\n',
    typed = 'a',
    item = item(9, 12, '(a, b)'),
    ghost = ', b)',
    result = 'int x = f(a, b);\n',
  },
  {
    name = 'the range may begin before the cursor',
    place = 'int main() { ^\n}\n',
    typed = 'ret',
    item = item(13, 16, 'return 0;'),
    ghost = 'urn 0;',
    result = 'int main() { return 0;\n}\n',
  },
  {
    name = 'code units before and behind the cursor are counted as UTF-16',
    place = 'char* s = "😀é"; ^ /* 漢😀 */\n',
    typed = 'x',
    item = item(17, 18, 'x = 1;'),
    ghost = '= 1;', -- the blank is in the line already: Neovim does not draw it again
    result = 'char* s = "😀é"; x = 1; /* 漢😀 */\n',
  },
  {
    name = 'what stays behind the cursor is not covered',
    place = 'int x = f(^, c);\n',
    typed = 'ab',
    item = item(10, 12, 'abba'),
    ghost = 'ba',
    screen = 'int x = f(abba, c);',
    result = 'int x = f(abba, c);\n',
  },
  {
    name = 'a line break may come first',
    place = '// one^\nint x;\n',
    typed = '!',
    item = item(7, 7, '\n// two 😀'),
    ghost = '\n// two 😀',
    result = '// one!\n// two 😀\nint x;\n',
  },
}) do
  test(case.name, function()
    local child = type_at(case.place, case.typed, { items = { case.item } })
    wait_for_ghost(child, case.ghost)
    if case.screen then
      assert(child:screen()[1] == case.screen, table.concat(child:screen(), '\n'))
    end
    local before = child:text()
    child:type('<Tab>')
    expect(child, case.result)
    assert(child:call('nvim_get_mode').mode == 'i')
    -- The cursor stands behind what was inserted.
    child:type('|')
    local lines = vim.split(case.item.insertText, '\n')
    local line = child:lines()[child:cursor()[1]]
    assert(line:sub(1, child:cursor()[2]):sub(-#lines[#lines] - 1) == lines[#lines] .. '|', line)
    child:type('<BS><Esc>u')
    while child:text() ~= before and child:text() ~= case.place:gsub('%^', '') do
      child:type('u')
    end
    expect(child, before)
    child:stop()
  end)
end

test('alternatives go round, forwards and backwards', function()
  local one, two, three = item(1, 1, 'one'), item(1, 1, 'two'), item(1, 1, 'three')
  local child = type_at('^\n', 'x', { items = { one } }, { items = { one, two, three } })
  wait_for_ghost(child, 'one')
  child:type('<M-n>') -- asks, since there is but one
  wait_for_ghost(child, 'two')
  for _, step in ipairs({
    { '<M-n>', 'three' },
    { '<M-n>', 'one' },
    { '<M-p>', 'three' },
    { '<M-p>', 'two' },
  }) do
    child:type(step[1])
    wait_for_ghost(child, step[2])
  end
  child:type('<Tab>')
  expect(child, 'xtwo\n')
  child:stop()
end)

test('line by line', function()
  local child = type_at('^\n', 'x', { items = { item(1, 1, ' = 1;\ny = 2;\n\nz = 3;') } })
  child:wait('ghost text', function()
    return child:ghost()
  end)
  child:type('<M-l>')
  expect(child, 'x = 1;\n')
  child:stop()
end)

test('null leaves what is shown, an empty list takes it away', function()
  local shown = { items = { item(1, 1, 'yz') } }
  local child = type_at('^\n', 'x', shown, vim.NIL, { items = {} })
  wait_for_ghost(child, 'yz')
  child:type('y')
  child:wait('the answer null', function()
    return child:answered('textDocument/inlineCompletion') == 2
  end)
  wait_for_ghost(child, 'z')
  child:type('q<BS>')
  child:wait('the empty answer', function()
    return child:answered('textDocument/inlineCompletion') == 3
  end)
  assert(child:ghost() == nil, child:describe())
  child:type('<Tab>')
  assert(child:text() ~= 'xyz\n', child:describe())
  child:stop()
end)

test('a superseded request leaves no error in the log', function()
  local superseded = { error = { code = -32801, message = 'content modified' } }
  local child = type_at('^\n', 'x', superseded)
  child:wait('the answer', function()
    return child:answered('textDocument/inlineCompletion') == 1
  end)
  local log = child:lua('return vim.lsp.log.get_filename()')
  local file = io.open(log)
  assert(not file or not file:read('a'):find('content modified', 1, true))
  child:stop()
end)

return tests

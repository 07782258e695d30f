-- Places in files where something is typed, and how a test waits for what the server says to it.
--
-- What the model writes depends on the processor, so no test knows it: where one place gets no
-- suggestion, the next is tried, and what is compared is the buffer with the server's own answer.
local M = {}

--- `^` is where the cursor is; `typed` is then typed there.
M.python = {
  {
    text = 'import os\n\n\ndef read_lines(path):\n    with open(path) as file:\n'
      .. '        ^\n\n\ndef main():\n    print(read_lines("a.txt"))\n',
    typed = 'return ',
  },
  {
    text = 'class Point:\n    def __init__(self, x, y):\n        self.x = x\n        ^\n',
    typed = 'self.',
  },
  {
    text = 'def total(items):\n    result = 0\n    for item in items:\n'
      .. '        result += item\n    ^\n',
    typed = 'return ',
  },
}

--- Characters of two, three and four bytes before the cursor, in its own line.
M.wide = {
  {
    text = 'def greet(name):\n    mood = "Zoë 漢字 😀"; ^\n    return mood\n',
    typed = 'text = ',
  },
  {
    text = 'def greet(name):\n    print("Zoë 漢字 😀", ^)\n    return name\n',
    typed = 'na',
  },
}

--- Writes the place's text into a file, opens it, and enters insert mode at the place.
function M.go(child, name, place)
  local before, behind = place.text:match('^(.-)%^(.*)$')
  local bytes = before .. behind
  if place.dos then
    bytes = bytes:gsub('\n', '\r\n')
  end
  child:open(name, bytes)
  local _, row = before:gsub('\n', '')
  child:call('nvim_win_set_cursor', 0, { row + 1, #before:match('[^\n]*$') })
  -- The last column of normal mode is one short of the line's end.
  child:type(behind:sub(1, 1) == '\n' and 'A' or 'i')
end

--- Waits until every request has its answer, and one more than `asked` has left.
function M.settle(child, asked, method)
  method = method or 'textDocument/inlineCompletion'
  child:wait('a request and its answer', function()
    local now = child:asked(method)
    return now > asked and child:answered(method) == now
  end)
end

--- Types at one place after the other until ghost text is shown. Returns the buffer as it was asked
--- about, the item that is shown and the position: { text, item, position, ghost, place }.
function M.suggest(child, places, extension, change)
  for i, place in ipairs(places) do
    place = vim.tbl_extend('force', place, change or {})
    M.go(child, ('place%d.%s'):format(i, extension or 'py'), place)
    local asked = child:asked('textDocument/inlineCompletion')
    child:type_text(place.typed)
    M.settle(child, asked)
    local ghost = child:ghost()
    if ghost then
      local answer = child:answer()
      local items = answer.result.items or answer.result
      return {
        text = child:text(),
        item = items[1],
        position = answer.params.position,
        ghost = ghost,
        place = place,
      }
    end
    child:type('<Esc>')
    child:call('nvim_command', 'write')
  end
  error('there was no suggestion at any place\n' .. child:describe(), 2)
end

return M

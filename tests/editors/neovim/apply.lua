-- What the protocol says that a buffer holds after an item was applied: worked out from the
-- server's answer alone, by other code than the plug-in's, so that the two can be compared.
--
-- Units: LSP positions are lines and UTF-16 code units, both 0-based.
local M = {}

--- The byte in `text` where a position is. `text` has line breaks of one byte.
local function byte_at(text, position)
  local start = 1
  for _ = 1, position.line do
    start = assert(text:find('\n', start, true), 'the position is behind the end') + 1
  end
  local units = 0
  local at = start
  while units < position.character do
    local lead = text:byte(at)
    assert(lead and lead ~= 10, 'the position is behind its line')
    local length = lead < 0x80 and 1 or lead < 0xE0 and 2 or lead < 0xF0 and 3 or 4
    units = units + (length == 4 and 2 or 1)
    at = at + length
  end
  return at
end

--- `text` with `new_text` in the place of `range`.
function M.edit(text, range, new_text)
  local first, last = byte_at(text, range.start), byte_at(text, range['end'])
  return text:sub(1, first - 1) .. new_text .. text:sub(last)
end

--- `text` after accepting an item of inline completion.
function M.inline(text, item, position)
  assert(type(item.insertText) == 'string', 'snippets are not expected here')
  return M.edit(text, item.range or { start = position, ['end'] = position }, item.insertText)
end

--- What a snippet without placeholders but $0 stands for, further lines indented as the first.
function M.snippet(value, indent)
  value = value:gsub('%$0', ''):gsub('%${0}', '')
  value = value:gsub('\\([$}\\])', '%1')
  return (value:gsub('\n', '\n' .. indent))
end

return M

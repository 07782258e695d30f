-- Code actions as Neovim's own client runs them: listed, chosen, resolved, applied, taken back.
local apply = require('apply')
local neovim = require('child')

local tests = {}
local function test(name, run)
  table.insert(tests, { name, run })
end

--- Bodies that nothing stands in; `^` is the cursor. Where the model finds nothing, the next is tried.
local kBodies = {
  'class Circle:\n    def __init__(self, radius):\n        self.radius = radius\n\n'
    .. '    def diameter(self):\n        pa^ss\n',
  'def total(items):\n    result = 0\n    for item in items:\n        result += item\n'
    .. '    return result\n\n\ndef count(items):\n    pa^ss\n',
  'def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    pa^ss\n',
}

--- Chooses the action with this title; returns its edits once the server has made them.
local function choose(child, title)
  child:lua(
    [[
    local title = ...
    local client = vim.lsp.get_clients({ name = 'inpaint', bufnr = 0 })[1]
    local request = client.request
    _G.resolved = nil
    client.request = function(self, method, params, handler, buffer)
      if method ~= 'codeAction/resolve' then
        return request(self, method, params, handler, buffer)
      end
      return request(self, method, params, function(problem, action, ...)
        handler(problem, action, ...)
        _G.resolved = action or {}
      end, buffer)
    end
    vim.lsp.buf.code_action({
      apply = true,
      filter = function(action) return action.title == title end,
    })
  ]],
    title
  )
  child:wait('the edit', function()
    return child:lua('return _G.resolved ~= nil')
  end)
  -- This Neovim does not say that it knows versions of documents.
  return child:lua('return select(2, next(_G.resolved.edit.changes))')
end

test('an empty body is filled as the server says, in one step of undo', function()
  local child = neovim.start({})
  for i, place in ipairs(kBodies) do
    local before, behind = place:match('^(.-)%^(.*)$')
    local text = before .. behind
    child:open(('body%d.py'):format(i), text)
    local _, row = before:gsub('\n', '')
    child:call('nvim_win_set_cursor', 0, { row + 1, #before:match('[^\n]*$') })
    local edits = choose(child, 'Inpaint: fill this body')
    if #edits > 0 then
      assert(#edits == 1, vim.inspect(edits))
      local expected = apply.edit(text, edits[1].range, edits[1].newText)
      child:wait('the body in the buffer', function()
        return child:text() == expected
      end)
      child:type('u')
      assert(child:text() == text, child:describe())
      child:stop()
      return
    end
    child:call('nvim_command', 'write')
  end
  error('no body was filled\n' .. child:describe())
end)

return tests

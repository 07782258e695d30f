-- The server's life, as a person sees it: missing, killed, started again, switched off, ended.
local apply = require('apply')
local neovim = require('child')
local places = require('places')

local kInline = 'textDocument/inlineCompletion'
local kEager = { settings = { gate = false } }

local tests = {}
local function test(name, run)
  table.insert(tests, { name, run })
end

local function holds(text, part)
  if not text:find(part, 1, true) then
    error(("expected to find '%s' in:\n%s"):format(part, text), 2)
  end
end

local function wait_for_message(child, part)
  child:wait("the message '" .. part .. "'", function()
    return child:messages():find(part, 1, true) ~= nil
  end)
end

local function gone(pid)
  return vim.uv.fs_stat('/proc/' .. pid) == nil
end

test('a killed server is told of, the editor lives, and :InpaintRestart mends it', function()
  local child = neovim.start({ setup = kEager })
  local shown = places.suggest(child, places.python)
  local servers = child:servers()
  assert(#servers == 1, 'one server: ' .. vim.inspect(servers))
  vim.uv.kill(servers[1], 'sigkill')
  local told = 'inpaint: the server was ended by signal 9: :InpaintRestart starts it again'
  wait_for_message(child, told)
  assert(#told < 80, 'a longer line would make Neovim wait for <Enter>')
  assert(not child:call('nvim_get_mode').blocking, 'it waits for a key')
  -- Typing goes on, keys that have nothing to accept included.
  child:call('nvim_set_option_value', 'expandtab', false, { scope = 'local' })
  child:type_text('after')
  child:type('<Tab><M-w><C-]>')
  child:wait('the ghost text to go', function()
    return child:ghost() == nil
  end)
  local position = { start = shown.position, ['end'] = shown.position }
  assert(
    vim.startswith(child:text(), apply.edit(shown.text, position, 'after\t'):match('^.-after\t')),
    child:describe()
  )
  assert(not child:messages():find('Error', 1, true), child:messages())
  assert(not child:messages():find('quit with exit code', 1, true), child:messages())
  child:type('<Esc>u:write<CR>:InpaintRestart<CR>')
  child:wait('another server', function()
    local now = child:servers()
    return #now == 1 and now[1] ~= servers[1]
  end)
  local again = places.suggest(child, places.python)
  child:type('<Tab>')
  assert(child:text() == apply.inline(again.text, again.item, again.position), child:describe())
  child:stop()
end)

test('a program that is missing is told of once, with the remedy', function()
  local child = neovim.start({ setup = { cmd = { 'inpaint-that-is-not-there', 'serve' } } })
  child:open('a.py', 'x = 1\n', true)
  wait_for_message(child, "inpaint: the program 'inpaint-that-is-not-there' was not found")
  holds(child:messages(), ':checkhealth inpaint')
  child:open('b.py', 'x = 1\n', true)
  child:type('ox<Tab><Esc>')
  local _, times = child:messages():gsub('was not found', '')
  assert(times == 1, child:messages())
  child:stop()
end)

test('it starts for languages without a grammar', function()
  local child = neovim.start({ setup = kEager })
  for name, language in pairs({
    ['a.cs'] = 'cs',
    ['a.php'] = 'php',
    ['a.rb'] = 'ruby',
    ['a.kt'] = 'kotlin',
    ['a.sh'] = 'sh',
    ['a.bash'] = 'bash',
  }) do
    child:open(name, 'x = 1\n')  -- waits until the server is attached
    local filetype = child:lua('return vim.bo.filetype')
    assert(filetype == language or (language == 'bash' and filetype == 'sh'), name .. ': ' .. filetype)
  end
  assert(#child:servers() == 1, vim.inspect(child:servers()))
  child:stop()
end)

test('a wrong option is told of by name', function()
  for _, case in ipairs({
    { { colour = 'red' }, "unknown option 'colour'" },
    { { display = 'loud' }, 'one of auto, inline, popup' },
    { { keys = { acept = 'x' } }, "unknown key 'acept'" },
    { { filetypes = 'python' }, 'filetypes' },
  }) do
    local child = neovim.start({ no_setup = true })
    local ok, problem = pcall(child.lua, child, 'require("inpaint").setup(...)', case[1])
    assert(not ok, vim.inspect(case[1]))
    holds(problem, case[2])
    child:stop()
  end
end)

test('switched off it asks nothing and shows nothing, switched on it does again', function()
  local child = neovim.start({ setup = kEager })
  places.suggest(child, places.python)
  child:type('<Cmd>InpaintToggle<CR>')
  wait_for_message(child, 'suggestions are off')
  assert(child:ghost() == nil, child:describe())
  assert(child:lua('return require("inpaint").status()') == 'inpaint off')
  local asked = child:asked(kInline)
  child:type_text(' or x')
  -- An event that comes after any request would have left: Neovim asks after 200 ms.
  child:lua('vim.defer_fn(function() _G.later = true end, 400)')
  child:wait('the time in which it would have asked', function()
    return child:lua('return _G.later')
  end)
  assert(child:asked(kInline) == asked, 'it asked all the same')
  child:type('<Cmd>InpaintToggle<CR>')
  wait_for_message(child, 'suggestions are on')
  child:type_text(' ')
  places.settle(child, asked)
  child:stop()
end)

test('a snooze ends by itself', function()
  local child = neovim.start({ setup = kEager })
  child:open('a.py', 'x = 1\n')
  local function status()
    return child:lua('return require("inpaint").status()')
  end
  child:type(':InpaintSnooze 0.01<CR>')
  holds(child:messages(), 'no suggestions for 0.01 minutes')
  assert(status() == 'inpaint off', status())
  child:wait('the end of the snooze', function()
    return status() ~= 'inpaint off'
  end)
  child:type(':InpaintSnooze long<CR>')
  holds(child:messages(), ':InpaintSnooze takes a number of minutes')
  assert(status() ~= 'inpaint off', status())
  child:stop()
end)

test("vim.lsp.enable('inpaint') is enough for those who do the rest themselves", function()
  local child = neovim.start({ no_setup = true })
  child:lua([[
    vim.lsp.config('inpaint', { settings = { inpaint = { gate = false } } })
    vim.lsp.enable('inpaint')
    vim.lsp.inline_completion.enable()
    vim.keymap.set('i', '<C-y>', function() vim.lsp.inline_completion.get() end)
  ]])
  local shown = places.suggest(child, places.python)
  child:type('<C-y>')
  child:wait('the suggestion in the buffer', function()
    return child:text() == apply.inline(shown.text, shown.item, shown.position)
  end)
  child:stop()
end)

test('a program of vim.lsp.config() is the one that is looked for', function()
  local child = neovim.start({ no_setup = true, path = '/usr/bin:/bin' })
  child:lua("vim.lsp.enable('inpaint')")
  child:open('a.py', 'x = 1\n', true)
  wait_for_message(child, "inpaint: the program 'inpaint' was not found")
  child:lua("vim.lsp.config('inpaint', { cmd = ... })", neovim.server_command())
  child:open('b.py', 'x = 1\n')
  child:stop()
end)

test('the server ends with the editor', function()
  local child = neovim.start({ setup = kEager })
  child:open('a.py', 'x = 1\n')
  local server = child:servers()[1]
  assert(server and not gone(server))
  child:stop()
  assert(
    vim.wait(20000, function()
      return gone(server)
    end, 20),
    'the server is still there'
  )
end)

test('checkhealth tells program, version and model', function()
  local child = neovim.start({ setup = kEager })
  child:open('a.py', 'x = 1\n')
  child:call('nvim_command', 'checkhealth inpaint')
  local text = child:text()
  holds(text, neovim.server_command()[1])
  holds(text, 'OK model ')
  holds(text, 'OK grammars: ')
  holds(text, 'completes 1 buffers below ' .. child.folder)
  assert(not text:find('ERROR', 1, true), text)
  child:stop()
end)

test('checkhealth tells what is missing', function()
  local child = neovim.start({ setup = { cmd = { 'inpaint-that-is-not-there' } } })
  child:call('nvim_command', 'checkhealth inpaint')
  holds(child:text(), "ERROR the program 'inpaint-that-is-not-there' was not found")
  holds(child:text(), 'setup{ cmd =')
  child:stop()
  child = neovim.start({ setup = { model = '/nowhere/model' } })
  child:call('nvim_command', 'checkhealth inpaint')
  holds(child:text(), 'ERROR')
  holds(child:text(), '/nowhere/model')
  child:stop()
end)

test(':InpaintWhy and the status line tell why nothing was suggested', function()
  local child = neovim.start({ setup = { settings = { languagesOff = { 'python' } } } })
  child:open('a.py', 'x = 1\n')
  child:type('A')
  child:type_text(' + ')
  local words = 'the language is switched off: python'
  child:wait('the reason in the status', function()
    return child:lua('return require("inpaint").status()') == 'inpaint (' .. words .. ')'
  end)
  child:type('<Esc>:InpaintWhy<CR>')
  child:wait('the window', function()
    local screen = table.concat(child:screen(), '\n')
    return screen:find(words, 1, true) and screen:find('inpaint.languagesOff', 1, true)
  end)
  child:type(':close<CR>:InpaintToggle<CR>:InpaintWhy<CR>')
  wait_for_message(child, 'inpaint: suggestions are off: :InpaintToggle switches them on')
  child:stop()
end)

test('help is there, and every tag in it leads somewhere', function()
  local child = neovim.start({ no_setup = true })
  local root = assert(vim.env.INPAINT_SOURCE)
  child:lua([[
    local root, folder = ...
    vim.fn.mkdir(folder .. '/doc', 'p')
    vim.fn.writefile(vim.fn.readfile(root .. '/editors/neovim/doc/inpaint.txt', 'b'),
      folder .. '/doc/inpaint.txt', 'b')
    vim.opt.runtimepath:append(folder)
    vim.cmd.helptags(folder .. '/doc')
  ]], root, child.folder)
  local file = assert(io.open(root .. '/editors/neovim/doc/inpaint.txt'))
  local text = file:read('a')
  file:close()
  for tag in text:gmatch('|([^|%s]+)|') do
    local ok, problem = pcall(child.call, child, 'nvim_command', 'help ' .. tag)
    assert(ok, tag .. ': ' .. tostring(problem))
  end
  child:stop()
end)

return tests

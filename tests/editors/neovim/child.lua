-- A real Neovim, driven as a person would: keys go in, the buffer, the ghost text and the messages
-- come out. It runs as a child process, because keys are typed only while nothing else runs in it.
--
-- Nothing here sleeps: wait() asks the child again and again until a condition holds, and fails
-- with what it saw when it does not within kPatience, far above what a slow machine needs.
local M = {}

local kPatience = 60000
local kBetween = 20

local Child = {}
Child.__index = Child

--- What is written into the child before the plug-in starts: it keeps each request for suggestions
--- and its answer, so that a test compares the buffer with what the server really said.
local kRecorder = [[
  _G.asked, _G.answered = {}, {}
  local start = vim.lsp.rpc.start
  vim.lsp.rpc.start = function(...)
    local rpc = start(...)
    local send = rpc.request
    rpc.request = function(method, params, callback, notify)
      if method == 'initialize' then _G.initialize = vim.deepcopy(params) end
      if method ~= 'textDocument/inlineCompletion' and method ~= 'textDocument/completion' then
        return send(method, params, callback, notify)
      end
      params = vim.deepcopy(params)
      table.insert(_G.asked, { method = method, params = params })
      return send(method, params, function(err, result)
        local said = vim.deepcopy(result)
        table.insert(_G.answered, { method = method, params = params, err = err, result = said })
        callback(err, result)
      end, notify)
    end
    return rpc
  end
]]

local function environment(folder, path)
  return {
    -- The program is found by its name as well, unless a test says otherwise.
    PATH = path or (vim.fs.dirname(vim.env.INPAINT_BINARY) .. ':' .. vim.env.PATH),
    HOME = folder,
    XDG_CONFIG_HOME = folder .. '/config',
    XDG_DATA_HOME = folder .. '/data',
    XDG_STATE_HOME = folder .. '/state',
    -- The server finds what it measured of the processor; nothing else of the user is seen.
    XDG_CACHE_HOME = vim.env.XDG_CACHE_HOME or (vim.env.HOME .. '/.cache'),
  }
end

--- Starts Neovim with the plug-in, in a folder of its own. `options` go to setup(); a function runs
--- in the child before it.
function M.start(options)
  options = options or {}
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder .. '/project/.git', 'p')
  local root = assert(vim.env.INPAINT_SOURCE, 'INPAINT_SOURCE is not set')
  local job = vim.fn.jobstart({
    assert(vim.env.INPAINT_NVIM, 'INPAINT_NVIM is not set'),
    '--embed',
    '--headless',
    '--clean',
    '-i',
    'NONE',
    '--cmd',
    'set noswapfile nomore shortmess+=I lines=40 columns=100',
    '--cmd',
    'let g:loaded_python3_provider = 0', -- else Neovim looks seconds long for a Python of its own
    '--cmd',
    'set runtimepath^=' .. root .. '/editors/neovim',
  }, { rpc = true, env = environment(folder, options.path), cwd = folder .. '/project' })
  assert(job > 0, 'Neovim did not start')
  local child = setmetatable({ job = job, folder = folder .. '/project' }, Child)
  child:lua(kRecorder)
  if not options.no_setup then
    local setup = vim.tbl_extend('force', { cmd = M.server_command() }, options.setup or {})
    child:lua('require("inpaint").setup(...)', setup)
  end
  return child
end

function M.server_command()
  return { assert(vim.env.INPAINT_BINARY, 'INPAINT_BINARY is not set'), 'serve', '--stdio' }
end

function Child:call(name, ...)
  return vim.rpcrequest(self.job, name, ...)
end

--- Runs Lua in the child. No value is nil.
function Child:lua(code, ...)
  local value = self:call('nvim_exec_lua', code, { ... })
  if value == vim.NIL then
    return nil
  end
  return value
end

--- Types keys, as the keyboard would. Returns once the child has worked them off.
function Child:type(keys)
  local left = keys
  while #left > 0 do
    local taken = self:call('nvim_input', left)
    left = left:sub(taken + 1)
  end
  -- Answered only once no key is left to be worked off (nvim_get_mode would be answered at once).
  self:call('nvim_eval', '1')
end

--- Types text literally.
function Child:type_text(text)
  self:type((text:gsub('<', '<lt>'):gsub('\n', '<CR>')))
end

--- Waits until `condition` is true of the child; returns its value.
function Child:wait(what, condition)
  local value
  local met = vim.wait(kPatience, function()
    value = condition(self)
    return value
  end, kBetween)
  if not met then
    error(('waited in vain for %s\n%s'):format(what, self:describe()), 2)
  end
  return value
end

--- Writes bytes into a file of the project and opens it; waits until the server is attached.
function Child:open(name, bytes, unattached)
  local path = self.folder .. '/' .. name
  local file = assert(io.open(path, 'wb'))
  file:write(bytes)
  file:close()
  self:call('nvim_command', 'edit ' .. vim.fn.fnameescape(path))
  self.path = path
  if not unattached then
    self:wait('the server to attach', function()
      return self:lua([[
        local client = vim.lsp.get_clients({ name = 'inpaint', bufnr = 0 })[1]
        return client ~= nil and client.initialized == true
      ]])
    end)
  end
end

--- The file as it is on the disk.
function Child:disk()
  local file = assert(io.open(self.path, 'rb'))
  local bytes = file:read('a')
  file:close()
  return bytes
end

function Child:lines()
  return self:call('nvim_buf_get_lines', 0, 0, -1, true)
end

--- The buffer as one string; lines end in \n.
function Child:text()
  return table.concat(self:lines(), '\n') .. '\n'
end

--- { row, column } of the cursor, 1-based and 0-based as Neovim has it.
function Child:cursor()
  return self:call('nvim_win_get_cursor', 0)
end

--- The ghost text on the screen, by the extmarks of Neovim's inline completion; nil when none.
function Child:ghost()
  return self:lua([[
    local namespace = vim.api.nvim_create_namespace('nvim.lsp.inline_completion')
    local mark = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })[1]
    if not mark then return nil end
    local lines = { mark[4].virt_text[1][1] }
    for _, line in ipairs(mark[4].virt_lines or {}) do table.insert(lines, line[1][1]) end
    return table.concat(lines, '\n')
  ]])
end

--- The last answer with items, or nil: { method, params, result }.
function Child:answer()
  local answers = self:lua([[
    local found = {}
    for _, answer in ipairs(_G.answered) do
      local items = answer.result and (answer.result.items or answer.result)
      if items and #items > 0 then found = { answer } end
    end
    return found
  ]])
  return answers[1]
end

--- How many requests of a method have left so far.
function Child:asked(method)
  return self:lua(
    [[
    local n = 0
    for _, request in ipairs(_G.asked) do
      if request.method == ... then n = n + 1 end
    end
    return n
  ]],
    method
  )
end

--- How many were answered.
function Child:answered(method)
  return self:lua(
    [[
    local n = 0
    for _, answer in ipairs(_G.answered) do
      if answer.method == ... then n = n + 1 end
    end
    return n
  ]],
    method
  )
end

function Child:messages()
  return self:call('nvim_exec2', 'messages', { output = true }).output
end

--- What the screen shows, line by line.
function Child:screen()
  self:call('nvim_command', 'redraw')
  return self:lua([[
    local rows = {}
    for row = 1, vim.o.lines do
      local cells = {}
      for column = 1, vim.o.columns do cells[column] = vim.fn.screenstring(row, column) end
      rows[row] = (table.concat(cells):gsub('%s+$', ''))
    end
    return rows
  ]])
end

--- The processes that the child has started: the server among them.
function Child:servers()
  return self:lua('return vim.api.nvim_get_proc_children(vim.fn.getpid())')
end

--- For a failing test: what a person would see, and what went over the wire.
function Child:describe()
  local ok, text = pcall(function()
    return table.concat({
      'buffer:    ' .. vim.inspect(self:text()),
      'cursor:    ' .. vim.inspect(self:cursor()),
      'mode:      ' .. vim.inspect(self:call('nvim_get_mode')),
      'ghost:     ' .. vim.inspect(self:ghost()),
      'answered:  ' .. self:lua('return vim.inspect(_G.answered[#_G.answered])'),
      'requests:  ' .. self:lua('return #_G.asked .. " asked, " .. #_G.answered .. " answered"'),
      'messages:  ' .. self:messages(),
    }, '\n')
  end)
  return ok and text or 'the child is gone: ' .. tostring(text)
end

function Child:stop()
  pcall(vim.rpcnotify, self.job, 'nvim_command', 'qall!')
  if vim.fn.jobwait({ self.job }, 10000)[1] == -1 then
    vim.fn.jobstop(self.job)
    error('Neovim did not end within ten seconds')
  end
end

return M

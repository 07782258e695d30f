-- Starts the language server for Neovim's client, and says what happened when it cannot or ends.
--
-- The client's traffic passes through here, since three things cannot be learnt or told otherwise:
-- for which text a suggestion was made (inpaint.suggestion needs it), that a person, not the
-- typing, asked, and that an answer for the menu is still being made (inpaint.popup asks again).
local config = require('inpaint.config')
local popup = require('inpaint.popup')
local status = require('inpaint.status')
local suggestion = require('inpaint.suggestion')

local M = {}

local kInline = 'textDocument/inlineCompletion'
local kItems = 'textDocument/completion'
-- Answers that only say that a newer request has taken over: RequestCancelled, ContentModified,
-- ServerCancelled. Neovim would write each into its log as an error.
local kSuperseded = { [-32800] = true, [-32801] = true, [-32802] = true }

--- The program as it is configured: by setup(), or by vim.lsp.config() without it.
function M.program_name()
  local configured = vim.lsp.config.inpaint
  local cmd = configured and configured.cmd
  return type(cmd) == 'table' and cmd[1] or config.options.cmd[1]
end

--- The program's absolute path, or nil.
function M.program()
  local path = vim.fn.exepath(M.program_name())
  return path ~= '' and path or nil
end

--- The arguments that name the model, for `serve` and for `doctor`.
function M.model_arguments()
  return config.options.model and { '--model', vim.fs.normalize(config.options.model) } or {}
end

--- One line on the usual screen: a longer message would make Neovim wait for <Enter>, in the middle
--- of what is being typed. :checkhealth inpaint tells the rest.
local function tell_the_end(code, signal)
  local how = signal ~= 0 and ('was ended by signal %d'):format(signal)
    or ('ended with exit code %d'):format(code)
  vim.notify(
    ('inpaint: the server %s: :InpaintRestart starts it again'):format(how),
    vim.log.levels.ERROR
  )
end

--- Called when the program has ended: quiet when that was meant.
local function on_exit(code, signal)
  suggestion.forget_all()
  local meant = vim.v.exiting ~= vim.NIL or (code == 0 and (signal == 0 or signal == 15))
  if not meant then
    tell_the_end(code, signal)
  end
end

--- vim.lsp.Config.cmd: starts the program, and wraps requests for suggestions.
function M.start(dispatchers)
  local command = vim.list_extend(vim.deepcopy(config.options.cmd), M.model_arguments())
  local tell_neovim = dispatchers.on_exit
  local rpc = vim.lsp.rpc.start(
    command,
    vim.tbl_extend('force', dispatchers, {
      on_exit = function(code, signal)
        -- The end is told of here, with a remedy: to Neovim it is one that was asked for, so that
        -- it adds no second message.
        vim.schedule(function()
          on_exit(code, signal)
        end)
        tell_neovim(0, 15)
      end,
    })
  )
  local send = rpc.request
  rpc.request = function(method, params, callback, notify_reply)
    if method == kItems then
      return send(method, params, function(err, result)
        callback(err, result)
        popup.answer(params, not err and result ~= vim.NIL and result or nil)
      end, notify_reply)
    elseif method ~= kInline then
      return send(method, params, callback, notify_reply)
    end
    local asked = suggestion.ask(params)
    return send(method, params, function(err, result)
      if err and kSuperseded[err.code] then
        err, result = nil, vim.NIL
      end
      if result == vim.NIL then
        result = nil
      end
      suggestion.answer(asked, not err and result or nil)
      callback(err, result)
      suggestion.shown(asked)
    end, notify_reply)
  end
  return rpc
end

local warned_missing = false

--- vim.lsp.Config.root_dir: does not go on, hence nothing is started, when the program is missing.
function M.root_dir(bufnr, on_dir)
  if not M.program() then
    if not warned_missing then
      warned_missing = true
      vim.schedule(function()
        vim.notify(
          ("inpaint: the program '%s' was not found: see :checkhealth inpaint"):format(
            M.program_name()
          ),
          vim.log.levels.ERROR
        )
      end)
    end
    return
  end
  local name = vim.api.nvim_buf_get_name(bufnr)
  local root = vim.fs.root(bufnr, config.options.root_markers)
  on_dir(root or (name ~= '' and vim.fs.dirname(name)) or vim.fn.getcwd())
end

--- vim.lsp.Config.before_init: without ghost text the server is to offer completion items, which it
--- does for clients that lack inline completion. Neovim adds what is left out of `capabilities`.
--- A server tells its status to clients that say that they show it.
function M.before_init(params)
  params.capabilities.experimental = { inpaintStatus = true }
  if config.display() == 'popup' then
    params.capabilities.textDocument.inlineCompletion = nil
  end
end

--- Nil for an empty table, which JSON would make a list of.
local function unless_empty(options)
  return next(options) ~= nil and options or nil
end

--- How long the server may think about an item of the menu, in milliseconds. Its own patience is
--- meant for clients that ask again at once; Neovim does not while the menu is closed.
local kMenuPatience = 500

--- initializationOptions.
local function init_options()
  local options = vim.deepcopy(config.options.init_options)
  if config.display() == 'popup' then
    options = vim.tbl_extend('keep', options, { completionDeadlineMs = kMenuPatience })
  end
  return unless_empty(options)
end

--- The whole vim.lsp.Config.
function M.lsp_config()
  local settings = unless_empty(config.options.settings)
  return {
    cmd = M.start,
    filetypes = config.options.filetypes,
    root_dir = M.root_dir,
    before_init = M.before_init,
    handlers = {
      ['inpaint/status'] = function(_, result)
        status.on_status(result)
      end,
    },
    settings = settings and { inpaint = settings },
    init_options = init_options(),
  }
end

--- Calls `show` with the server's reasons for having suggested nothing, in words.
function M.why(show)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'inpaint' })[1]
  if not client then
    vim.notify(
      'inpaint: the server does not complete this buffer: see :checkhealth inpaint',
      vim.log.levels.WARN
    )
    return
  end
  client:request('inpaint/why', nil, function(err, result)
    if err then
      vim.notify('inpaint: ' .. err.message, vim.log.levels.ERROR)
    else
      show(result.text)
    end
  end)
end

--- Stops the server and starts it for the open buffers again.
function M.restart()
  for _, client in ipairs(vim.lsp.get_clients({ name = 'inpaint', _uninitialized = true })) do
    client:stop(true)
  end
  warned_missing = false
  local gone = vim.wait(5000, function()
    return #vim.lsp.get_clients({ name = 'inpaint', _uninitialized = true }) == 0
  end, 20)
  if not gone then
    vim.notify('inpaint: the old server does not end: close the editor', vim.log.levels.ERROR)
    return
  end
  vim.lsp.enable('inpaint', false)
  vim.lsp.enable('inpaint', true)
end

return M

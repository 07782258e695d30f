-- :checkhealth inpaint: is the program there, which version, does it load its model.
local config = require('inpaint.config')
local server = require('inpaint.server')

local M = {}

local health = vim.health
--- Loading a model of gigabytes from a slow disk takes its time.
local kTimeout = 60000

local function check_editor()
  local version = tostring(vim.version())
  if vim.fn.has('nvim-0.11') == 0 then
    health.error('Neovim ' .. version .. ' is too old', 'update to 0.11 or newer')
  elseif config.has_inline() then
    health.ok(('Neovim %s: suggestions as %s'):format(version, config.display()))
  else
    health.warn(
      ('Neovim %s has no ghost text: suggestions come in the completion menu'):format(version),
      'update to 0.12 or newer to see them behind the cursor'
    )
  end
end

local function check_program()
  local program = server.program()
  if not program then
    health.error(("the program '%s' was not found"):format(server.program_name()), {
      'put it into PATH, or give its path: '
        .. "setup{ cmd = { '/path/to/inpaint', 'serve', '--stdio' } }",
    })
    return nil
  end
  local answer = vim.system({ program, '--version' }, { text = true }):wait(kTimeout)
  if answer.code ~= 0 then
    health.error(('%s --version failed: %s'):format(program, vim.trim(answer.stderr or '')))
    return nil
  end
  health.ok(('%s (%s)'):format(program, vim.trim(answer.stdout)))
  return program
end

local function check_model(program)
  local command = vim.list_extend({ program, 'doctor', '--json' }, server.model_arguments())
  local answer = vim.system(command, { text = true }):wait(kTimeout)
  local ok, facts = pcall(vim.json.decode, answer.stdout or '')
  if not ok then
    health.error(
      ('%s doctor --json gave no answer (exit code %s)'):format(program, tostring(answer.code)),
      vim.trim(answer.stderr or '')
    )
    return
  end
  local model = facts.model
  if type(model) == 'table' then
    health.ok(
      ('model %s: %s, %.1fM parameters'):format(
        tostring(model.path),
        tostring(model.family),
        (tonumber(model.parameters) or 0) / 1e6
      )
    )
  end
  if type(facts.grammars) == 'table' then
    health.ok('grammars: ' .. table.concat(facts.grammars, ', '))
  end
  for _, problem in ipairs(facts.problems or {}) do
    health.error(('%s: %s'):format(problem.what, problem.why), problem.remedy)
  end
end

local function check_clients()
  local clients = vim.lsp.get_clients({ name = 'inpaint' })
  if #clients == 0 then
    health.info('no server is running: open a file of one of the filetypes '
      .. table.concat(config.options.filetypes, ', '))
  end
  for _, client in ipairs(clients) do
    health.ok(
      ('server %d completes %d buffers below %s, positions in %s'):format(
        client.id,
        vim.tbl_count(client.attached_buffers),
        client.root_dir or '(no folder)',
        client.offset_encoding
      )
    )
  end
  health.info('log: ' .. vim.lsp.log.get_filename())
end

function M.check()
  health.start('inpaint')
  check_editor()
  local program = check_program()
  if program then
    check_model(program)
  end
  check_clients()
end

return M

-- The commands. Nothing starts before require('inpaint').setup{} or vim.lsp.enable('inpaint').
if vim.g.loaded_inpaint then
  return
end
vim.g.loaded_inpaint = true

local function command(name, description, action, options)
  vim.api.nvim_create_user_command(
    name,
    action,
    vim.tbl_extend('force', { desc = 'inpaint: ' .. description }, options or {})
  )
end

command('InpaintToggle', 'suggestions on or off', function()
  require('inpaint').toggle()
end)
command('InpaintSnooze', 'no suggestions for so many minutes (10)', function(arguments)
  local minutes = arguments.args == '' and 10 or tonumber(arguments.args)
  if not minutes or minutes <= 0 then
    vim.notify('inpaint: :InpaintSnooze takes a number of minutes', vim.log.levels.ERROR)
    return
  end
  require('inpaint').snooze(minutes)
end, { nargs = '?' })
command('InpaintWhy', 'why nothing was suggested lately, and what would change that', function()
  require('inpaint').why()
end)
command('InpaintRestart', 'end the language server and start it again', function()
  require('inpaint').restart()
end)

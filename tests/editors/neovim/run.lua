-- Runs the tests of one file: nvim --clean -l run.lua FILE [NAME]. A test file returns a list of
-- { name, function }. Each failure is told with what the editor showed; one makes the exit code 1.
local here = vim.fs.dirname(vim.fs.normalize(arg[0]))
package.path = here .. '/?.lua;' .. package.path

local tests = dofile(arg[1])
local only = arg[2]
local failed, passed = 0, 0
io.write(('Neovim %s, %s\n'):format(tostring(vim.version()), vim.fs.basename(arg[1])))
for _, test in ipairs(tests) do
  local name, run = test[1], test[2]
  if not only or name:find(only, 1, true) then
    local begin = vim.uv.hrtime()
    local ok, problem = xpcall(run, debug.traceback)
    local seconds = (vim.uv.hrtime() - begin) / 1e9
    io.write(('%s  %s (%.1f s)\n'):format(ok and 'passed' or 'FAILED', name, seconds))
    if ok then
      passed = passed + 1
    else
      failed = failed + 1
      io.write(tostring(problem):gsub('\n', '\n        ') .. '\n')
    end
  end
end
io.write(('%d passed, %d failed\n'):format(passed, failed))
io.flush()
os.exit(failed == 0 and passed > 0 and 0 or 1)

-- The suggestion that is on the screen: for which text it was made, what of it is typed already,
-- and how it gets into the buffer.
--
-- Neovim shows ghost text and keeps showing it while one types, but accepts it at the place it was
-- made for: within the 200 ms before it asks anew, accepting after a keystroke would double the
-- letters just typed (neovim#36529). So the line is remembered with each request, and on accepting
-- the range is moved by what was typed since; a suggestion that the typing has contradicted is not
-- accepted at all.
--
-- Units: rows are 0-based; columns are 0-based bytes; LSP characters are the client's encoding.
local M = {}

--- By buffer: { asked, items } of the newest answer that had a result.
local answers = {}
--- By buffer: how many requests are under way.
local pending = {}
--- By buffer: what to do once, with the next answer; the request then says that a person asked.
local invoked = {}

local function namespace()
  return vim.api.nvim_create_namespace('nvim.lsp.inline_completion')
end

local function client_of(bufnr)
  return vim.lsp.get_clients({ bufnr = bufnr, name = 'inpaint' })[1]
end

--- Called as a request leaves: remembers the text it asks about.
function M.ask(params)
  local bufnr = vim.uri_to_bufnr(params.textDocument.uri)
  pending[bufnr] = (pending[bufnr] or 0) + 1
  local asked = { bufnr = bufnr, position = params.position }
  asked.row = params.position.line
  asked.line = vim.api.nvim_buf_get_lines(bufnr, asked.row, asked.row + 1, false)[1] or ''
  if invoked[bufnr] then
    asked.on_shown = invoked[bufnr]
    invoked[bufnr] = nil
    params.context.triggerKind = vim.lsp.protocol.InlineCompletionTriggerKind.Invoked
  end
  return asked
end

--- Neovim draws a suggestion that replaces something over the text of the line, also over what
--- stands behind the cursor and stays. One that replaces only what is before the cursor, and begins
--- with it, is turned into one that inserts the rest.
local function begin_at_cursor(item, asked, encoding)
  local range, position = item.range, asked.position
  local up_to_cursor = range and vim.deep_equal(range['end'], position)
  if not up_to_cursor or type(item.insertText) ~= 'string' then
    return
  end
  local function byte_of(character)
    return vim.str_byteindex(asked.line, encoding, character, false)
  end
  local there = asked.line:sub(byte_of(range.start.character) + 1, byte_of(position.character))
  if range.start.line == position.line and vim.startswith(item.insertText, there) then
    item.insertText = item.insertText:sub(#there + 1)
    item.range = { start = position, ['end'] = position }
  end
end

--- Called with the answer, before Neovim has it. Null leaves what is shown, as Neovim does.
function M.answer(asked, result)
  pending[asked.bufnr] = math.max((pending[asked.bufnr] or 1) - 1, 0)
  if not result then
    return
  end
  local items = result.items or result
  local client = client_of(asked.bufnr)
  for _, item in ipairs(client and items or {}) do
    begin_at_cursor(item, asked, client.offset_encoding)
  end
  answers[asked.bufnr] = { asked = asked, items = items }
end

--- Called once Neovim has shown the answer.
function M.shown(asked)
  if asked.on_shown then
    asked.on_shown()
  end
  vim.api.nvim_exec_autocmds('User', { pattern = 'InpaintSuggestion', modeline = false })
  vim.cmd.redrawstatus() -- Neovim does not know that the status has changed
end

function M.forget_all()
  answers, pending, invoked = {}, {}, {}
end

--- How many requests of the buffer are not answered yet.
function M.pending(bufnr)
  return pending[bufnr] or 0
end

--- How many alternatives the newest answer has.
function M.count(bufnr)
  return answers[bufnr] and #answers[bufnr].items or 0
end

--- The next request that leaves is one of a person; then `on_shown` is called.
function M.invoke(bufnr, on_shown)
  invoked[bufnr] = on_shown
end

--- The ghost text on the screen: one string with line breaks, or nil.
function M.ghost(bufnr)
  local marks = vim.api.nvim_buf_get_extmarks(bufnr, namespace(), 0, -1, { details = true })
  if #marks == 0 then
    return nil
  end
  local details = marks[1][4]
  local lines = { (details.virt_text or { { '' } })[1][1] }
  for _, line in ipairs(details.virt_lines or {}) do
    lines[#lines + 1] = line[1][1]
  end
  return table.concat(lines, '\n')
end

local function common_prefix(a, b)
  local n = math.min(#a, #b)
  for i = 1, n do
    if a:byte(i) ~= b:byte(i) then
      return i - 1
    end
  end
  return n
end

--- What `item` means in the text as it is now: { row, start_col, end_col, text, typed }, where
--- `typed` is how many bytes of `text` stand before the cursor. Nil when the item no longer fits.
local function rebase(item, asked, encoding)
  local text = item.insertText
  if type(text) ~= 'string' then
    return nil
  end
  local row, col = unpack(vim.api.nvim_win_get_cursor(0))
  if row - 1 ~= asked.row then
    return nil
  end
  local line = vim.api.nvim_get_current_line()
  local function byte_of(character)
    return vim.str_byteindex(asked.line, encoding, character, false)
  end
  local asked_col = byte_of(asked.position.character)
  local start_col, end_col = asked_col, asked_col
  if item.range then
    start_col, end_col = byte_of(item.range.start.character), byte_of(item.range['end'].character)
  end
  -- What was typed since must be all that is new, and must be the suggestion's own text.
  local grown = #line - #asked.line
  if grown < 0 or col ~= asked_col + grown then
    return nil
  end
  if line:sub(1, asked_col) .. line:sub(col + 1) ~= asked.line then
    return nil
  end
  local before_cursor = line:sub(start_col + 1, col)
  if not vim.startswith(text, before_cursor) then
    return nil
  end
  return {
    row = row - 1,
    start_col = start_col,
    end_col = end_col + grown,
    text = text,
    typed = #before_cursor,
    line = line,
  }
end

--- Our suggestion that is on the screen of the current buffer, ready to be applied; nil when there
--- is none, when it belongs to another server, or when the text has moved away from it.
function M.current()
  local bufnr = vim.api.nvim_get_current_buf()
  local answer, client, ghost = answers[bufnr], client_of(bufnr), M.ghost(bufnr)
  if not (answer and client and ghost) then
    return nil
  end
  local behind
  for _, item in ipairs(answer.items) do
    local fitted = rebase(item, answer.asked, client.offset_encoding)
    if fitted and fitted.typed < #fitted.text then
      fitted.item, fitted.client, fitted.bufnr = item, client, bufnr
      -- Neovim leaves out what stands in the line already: up to the cursor, or further.
      local there = common_prefix(fitted.line:sub(fitted.start_col + 1), fitted.text)
      local shown = fitted.text:sub(math.max(there, fitted.typed) + 1)
      if shown == ghost then
        return fitted
      end
      -- Keys that come fast are worked off before the screen is: it still shows what they typed.
      if vim.endswith(fitted.text, ghost) and vim.endswith(ghost, shown) then
        behind = behind or fitted
      end
    end
  end
  return behind
end

--- The first word, or the rest of the line, of `text`: never empty unless `text` is.
function M.part(text, kind)
  if kind == 'line' then
    return text:match('^\n?[^\n]+') or text:match('^\n+') or text
  end
  return text:match('^%s*[%w_\128-\255]+') or text:match('^%s*[^%w_%s\128-\255]+') or text
end

--- Neovim puts what insert mode does into one step of undo; this ends a step.
local function break_undo()
  vim.go.undolevels = vim.go.undolevels -- the global value: a buffer may have its own
end

local function insert(fitted, start_col, end_col, text)
  local lines = vim.split(text, '\n', { plain = true })
  break_undo()
  vim.api.nvim_buf_set_text(fitted.bufnr, fitted.row, start_col, fitted.row, end_col, lines)
  local col = #lines[#lines] + (#lines == 1 and start_col or 0)
  vim.api.nvim_win_set_cursor(0, { fitted.row + #lines, col })
  break_undo()
end

--- Puts the whole suggestion, its next 'word' or its next 'line' into the buffer, as one undo step.
function M.apply(fitted, kind)
  local rest = fitted.text:sub(fitted.typed + 1)
  local part = kind and M.part(rest, kind) or rest
  if #part < #rest then
    local cursor = fitted.start_col + fitted.typed
    insert(fitted, cursor, cursor, part)
    return
  end
  answers[fitted.bufnr] = nil
  insert(fitted, fitted.start_col, fitted.end_col, fitted.text)
  M.dismiss()
  if fitted.item.command then
    fitted.client:exec_cmd(fitted.item.command, { bufnr = fitted.bufnr })
  end
end

--- Takes the ghost text away until the next request. True if there was any.
function M.dismiss()
  -- get() hides the suggestion before it hands it over, and inserts nothing when it gets nil back.
  return vim.lsp.inline_completion.get({
    on_accept = function()
      return nil
    end,
  })
end

return M

// What a text holds after an item of inline completion was applied, worked out from the server's answer
// alone, so that it can be compared with what the editor holds.
//
// Units: LSP positions are lines and UTF-16 code units, both 0-based, as a JavaScript string counts them.

function offset(text, position) {
  let start = 0;
  for (let line = 0; line < position.line; ++line) start = text.indexOf('\n', start) + 1;
  return start + position.character;
}

/** `text` with `newText` in the place of `range`. */
export function edit(text, range, newText) {
  return text.slice(0, offset(text, range.start)) + newText + text.slice(offset(text, range.end));
}

/** `text` after accepting an item that was asked for at `position`. */
export function accepted(text, item, position) {
  return edit(text, item.range ?? { start: position, end: position }, item.insertText);
}

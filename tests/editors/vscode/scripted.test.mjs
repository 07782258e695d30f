// Answers that no model can be made to give: text that is replaced behind the cursor, several lines, errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Editor, inline } from './code_server.mjs';
import { settled, warmUp } from './places.mjs';

/** An item for the line that was asked about; `from` and `to` are columns of UTF-16 units. */
const item = (insertText, from, to) => ({
  insertText,
  range: { start: { line: '$line', character: from }, end: { line: '$line', character: to } },
});

/** Opens `text` and types `typed` at `column` of its first line; then `check` looks at what became of it. */
async function typed({ answers, text, column, typed: keys }, check) {
  const editor = await Editor.start({ answers: { inline: answers, untouched: { result: { items: [] } } } });
  try {
    await warmUp(editor);
    editor.file('a.py', text);
    await editor.open('a.py', 1, column);
    await editor.waitFor('the arrival to be told', () => editor.asked(inline, 'a.py').length > 0);
    await settled(editor, 0);
    const before = editor.asked().length;
    await editor.type(keys);
    await settled(editor, before);
    await check(editor);
  } finally {
    await editor.stop();
  }
}

// VS Code puts the second quote there by itself.
test('what stands behind the cursor is replaced, and said once', () => typed({
  answers: [{ result: { items: [item('print("b", end="")', 0, 9)] } }], text: 'print()\n', column: 7, typed: '"',
}, async (editor) => {
  await editor.waitFor('ghost text', () => editor.ghost());
  await editor.press('Tab');
  assert.equal(await editor.text(), 'print("b", end="")\n');
}));

test('several lines are accepted with their indentation', () => typed({
  answers: [{ result: { items: [item('def f():\n    if x:\n        return 1', 0, 4)] } }],
  text: 'def\ny = 1\n', column: 4, typed: ' ',
}, async (editor) => {
  await editor.waitFor('ghost text', () => editor.ghost());
  await editor.picture('lines.png');
  await editor.press('Tab');
  assert.equal(await editor.text(), 'def f():\n    if x:\n        return 1\ny = 1\n');
}));

test('an error of the server is no ghost text and no notification', () => typed({
  answers: [{ error: { code: -32603, message: 'out of order' } }], text: 'x = 1\n', column: 6, typed: '0',
}, async (editor) => {
  assert.ok(editor.answer().error);
  assert.equal(await editor.ghost(), undefined);
  assert.deepEqual(await editor.notifications(), []);
  assert.equal(await editor.text(), 'x = 10\n');
}));

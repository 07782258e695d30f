// Ghost text while typing: shown, accepted, typed over, undone; the saved file is compared byte for byte.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { accepted, edit } from './apply.mjs';
import { Editor, inline } from './code_server.mjs';
import { go, indentedByTabs, python, settled, suggest, warmUp, wide } from './places.mjs';

let editor;
before(async () => {
  editor = await Editor.start({
    keys: [{ key: 'ctrl+alt+l', command: 'editor.action.inlineSuggest.acceptNextLine' }],
  });
  await warmUp(editor);
});
after(() => editor?.stop());

test('ghost text is accepted as the server sent it', async () => {
  const shown = await suggest(editor);
  await editor.picture('typing.png');
  await editor.press('Tab');
  assert.equal(await editor.text(), accepted(shown.text, shown.item, shown.position));
});

test('accepting is one step of undo', async () => {
  const shown = await suggest(editor);
  await editor.press('Tab');
  await editor.press('Control+Z');
  assert.equal(await editor.text(), shown.text);
  await editor.press('Control+Y');
  assert.equal(await editor.text(), accepted(shown.text, shown.item, shown.position));
});

test('what is typed of a suggestion is not doubled when it is accepted at once', async () => {
  const shown = await suggest(editor);
  await editor.type(shown.ghost.slice(0, 1));
  await editor.press('Tab');
  assert.equal(await editor.text(), accepted(shown.text, shown.item, shown.position));
});

test('a suggestion that the typing contradicts is not accepted', async () => {
  const shown = await suggest(editor);
  const letter = shown.ghost.startsWith('q') ? 'z' : 'q';
  await editor.type(letter);
  await editor.press('Escape');
  const at = { start: shown.position, end: shown.position };
  assert.equal(await editor.text(), edit(shown.text, at, letter));
});

test('word by word gives the same text as all at once', async () => {
  const shown = await suggest(editor);
  const whole = accepted(shown.text, shown.item, shown.position);
  let last = shown.text;
  for (;;) {
    await editor.press('Control+ArrowRight');
    const now = await editor.text();
    if (now === last) break; // what is not a word of the suggestion moves the cursor and nothing else
    last = now;
    if (now === whole) break;
  }
  assert.equal(last, whole);
});

test('a line of a suggestion is accepted alone', async () => {
  const shown = await suggest(editor);
  await editor.press('Control+Alt+L');
  const first = { ...shown.item, insertText: shown.item.insertText.split('\n')[0] };
  assert.ok((await editor.text()).startsWith(
    accepted(shown.text, first, shown.position).split('\n').slice(0, shown.position.line + 1).join('\n')));
});

test('a dismissed suggestion is gone, and the text as it was', async () => {
  const shown = await suggest(editor);
  await editor.press('Escape');
  await editor.waitFor('the ghost text to go', async () => (await editor.ghost()) === undefined);
  assert.equal(await editor.text(), shown.text);
});

test('asked in person there are alternatives, and they go round', async () => {
  const shown = await suggest(editor);
  const asked = editor.asked().length;
  await editor.command('Trigger Inline Suggestion');
  const answer = await settled(editor, asked);
  assert.equal(answer.context.triggerKind, 1);
  assert.ok(answer.items.length > 0);
  await editor.waitFor('ghost text', () => editor.ghost());
  for (let i = 0; i < answer.items.length; ++i) await editor.press('Alt+]');
  await editor.press('Tab');
  const texts = answer.items.map((item) => accepted(shown.text, item, answer.position));
  assert.ok(texts.includes(await editor.text()), await editor.describe());
});

test('characters of several bytes and code units do not shift the place', async () => {
  const shown = await suggest(editor, wide);
  await editor.press('Tab');
  assert.equal(await editor.text(), accepted(shown.text, shown.item, shown.position));
});

test('a file with CRLF line ends keeps them', async () => {
  const shown = await suggest(editor, python, { crlf: true });
  await editor.press('Tab');
  assert.equal(await editor.text(),
    accepted(shown.text, shown.item, shown.position).replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
});

test('a file indented by tabs keeps them', async () => {
  const shown = await suggest(editor, indentedByTabs);
  await editor.press('Tab');
  assert.equal(await editor.text(), accepted(shown.text, shown.item, shown.position));
});

test('arriving at a place tells the server, and shows nothing', async () => {
  const text = await go(editor, python[2]);
  const asked = editor.asked().length;
  const { items, context } = await settled(editor, asked - 1);
  assert.equal(context.triggerKind, 2);
  assert.deepEqual(items, []);
  assert.equal(await editor.ghost(), undefined);
  assert.equal(readFileSync(editor.path, 'utf8'), text);
  // Once the text has changed the keys themselves ask: the cursor may wander without a question.
  await editor.type('x');
  await settled(editor, asked);
  const before = editor.asked().length;
  await editor.press('Escape');
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowDown']) await editor.press(key);
  await editor.command('Trigger Inline Suggestion'); // comes after any that the cursor would have caused
  await settled(editor, before);
  assert.equal(editor.asked().length, before + 1);
});

test('every question is answered, and no answer is an error', () => {
  const answers = editor.messages().filter(({ from, message }) => from === 'server' && message.error);
  const cancelled = -32800; // RequestCancelled
  assert.deepEqual(answers.filter(({ message }) => message.error.code !== cancelled), []);
  assert.ok(editor.asked(inline).length > 0);
});

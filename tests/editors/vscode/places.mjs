// Places in files where something is typed, and how a test waits for what the server says to it.
//
// What the model writes depends on the processor, so no test knows it: where one place gets no suggestion,
// the next is tried, and what is compared is the saved file with the server's own answer.

import { inline } from './code_server.mjs';

/** `^` is where the cursor is; `typed` is then typed there. */
export const python = [
  {
    text: 'import os\n\n\ndef read_lines(path):\n    with open(path) as file:\n        ^\n\n\n'
      + 'def main():\n    print(read_lines("a.txt"))\n',
    typed: 'return ',
  },
  {
    text: 'class Point:\n    def __init__(self, x, y):\n        self.x = x\n        ^\n',
    typed: 'self.',
  },
  {
    text: 'def total(items):\n    result = 0\n    for item in items:\n        result += item\n    ^\n',
    typed: 'return ',
  },
];

/** Characters of two, three and four bytes before the cursor, in its own line. */
export const wide = [
  { text: 'def greet(name):\n    mood = "Zoë 漢字 😀"; ^\n    return mood\n', typed: 'text = ' },
  { text: 'def greet(name):\n    print("Zoë 漢字 😀", ^)\n    return name\n', typed: 'na' },
];

export const indentedByTabs = python.map(({ text, typed }) => ({ text: text.replaceAll('    ', '\t'), typed }));

let files = 0;

const isSame = (a, b) => a.line === b.line && a.character === b.character;

/** Opens the place's file with the cursor at the place. Returns the text. */
export async function go(editor, place, { crlf = false, extension = 'py' } = {}) {
  const [before, behind] = place.text.split('^');
  const text = crlf ? (before + behind).replaceAll('\n', '\r\n') : before + behind;
  const lines = before.split('\n');
  const name = `place${++files}.${extension}`;
  editor.file(name, text);
  await editor.open(name, lines.length, lines.at(-1).length + 1);
  // The place is told once the server runs and has the file.
  const position = { line: lines.length - 1, character: lines.at(-1).length };
  await editor.waitFor('the arrival to be told', () =>
    editor.asked(inline, editor.path).some(({ message }) => isSame(message.params.position, position)));
  await settled(editor, 0);
  return before + behind;
}

/** The client says that it can complete, and then VS Code takes a moment until its keys ask. */
export async function warmUp(editor) {
  await go(editor, python[0]);
  const before = editor.asked().length;
  await editor.waitFor('a key that asks', async () => {
    await editor.type('x');
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    return editor.asked().length > before;
  });
  await settled(editor, before);
  await editor.text();
}

/**
 * Types at one place after the other until ghost text is shown. Returns the text as it was asked about, with
 * line breaks of one character, the item that is shown, and the position.
 */
export async function suggest(editor, places = python, options = {}) {
  for (const place of places) {
    await go(editor, place, options);
    const before = editor.asked().length;
    const begin = editor.asked().at(-1).message.params.position;
    await editor.type(place.typed);
    const end = { ...begin, character: begin.character + place.typed.length };
    await editor.waitFor('the question behind the last key', () =>
      isSame(editor.asked().at(-1).message.params.position, end));
    const { position, items } = await settled(editor, before);
    const text = place.text.replace('^', place.typed);
    if (items.length > 0) {
      const ghost = await editor.waitFor('ghost text', () => editor.ghost());
      return { text, item: items[0], position, ghost };
    }
    await editor.text(); // saved, so that nothing asks what becomes of it
  }
  throw new Error(`there was no suggestion at any place\n${await editor.describe()}`);
}

/** The answer to the question that was asked after the last key. */
export async function settled(editor, before) {
  let answer = await editor.settle(before);
  // VS Code asks at a key, and while keys come it asks again; the last one counts.
  for (let asked = -1; asked !== editor.asked().length;) {
    asked = editor.asked().length;
    await new Promise((resolve) => { setTimeout(resolve, 150); });
    answer = await editor.settle(before);
  }
  return { ...answer.params, items: answer.result?.items ?? answer.result ?? [] };
}

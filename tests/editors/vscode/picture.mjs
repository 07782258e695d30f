// Takes the picture of the README: a suggestion of the model that INPAINT_MODEL names, in a small file.
//
//   tests/editors/run.sh vscode_picture MODEL OUT.png
import { writeFileSync } from 'node:fs';
import { Editor } from './code_server.mjs';
import { settled, warmUp } from './places.mjs';

const text = `import sys


def count_words(path):
    counts = {}
    with open(path) as file:
        for line in file:
            for word in line.split():
                counts[word] = counts.get(word, 0) + 1
    return counts


def main():
    if len(sys.argv) != 2:
        print("usage: words.py FILE")
        return
    counts = count_words(sys.argv[1])
    \n`;

const editor = await Editor.start({
  settings: {
    'inpaint.gate': true,
    'editor.minimap.enabled': false,
    'editor.stickyScroll.enabled': false,
    'workbench.activityBar.location': 'hidden',
    'workbench.colorTheme': 'Default Light Modern',
    'workbench.sideBar.location': 'right',
  },
});
try {
  await warmUp(editor);
  editor.file('words.py', text);
  await editor.open('words.py', 18, 5);
  await editor.command('View: Toggle Primary Side Bar Visibility');
  const before = editor.asked().length;
  await editor.page.keyboard.type('for word', { delay: 150 });
  await settled(editor, before);
  await editor.waitFor('ghost text', () => editor.ghost());
  const clip = await editor.page.locator('.editor-instance').first().boundingBox();
  writeFileSync(process.argv[2], await editor.page.screenshot({ clip: { ...clip, height: Math.min(clip.height, 320) } }));
  console.log(`${process.argv[2]}: ${await editor.ghost()}`);
} finally {
  await editor.stop();
}

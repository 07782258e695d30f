// A model is chosen and fetched from within VS Code: asked once, told its size and licence, and used.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Editor } from './code_server.mjs';

const weights = readFileSync(join(import.meta.dirname, '../../golden/pretrained/qwen2_tied.gguf'));

let publisher;
let isThere = true;
let catalogue;
before(async () => {
  publisher = createServer((request, response) => {
    response.statusCode = isThere ? 200 : 404;
    response.end(isThere ? weights : '');
  });
  await new Promise((resolve) => { publisher.listen(0, '127.0.0.1', resolve); });
  const model = {
    name: 'small', title: 'A small model', publisher: 'Somebody', revision: '1',
    address: `http://127.0.0.1:${publisher.address().port}/small.gguf`, file: 'small.gguf',
    bytes: weights.length, sha256: createHash('sha256').update(weights).digest('hex'),
    licence: 'MIT', permissive: true, languages: ['python'],
  };
  catalogue = { default: 'small', models: [model] };
});
after(() => publisher.close());

async function withEditor(run) {
  const editor = await Editor.start({ catalogue });
  try {
    editor.file('a.py', 'x = 1\n');
    await editor.open('a.py', 1, 6);
    await editor.waitFor('the server', () => editor.asked('initialized').length > 0);
    await run(editor, {
      kept: join(editor.folder, 'data/inpaint/models/small.gguf'),
      configuration: join(editor.folder, 'config/inpaint/config.json'),
    });
  } finally {
    await editor.stop();
  }
}

/** Presses a button of the notification that says so. */
async function answer(editor, words, button) {
  await editor.command('Notifications: Show Notifications');
  const item = editor.page.locator('.notifications-center .notification-list-item', { hasText: words });
  await item.waitFor();
  await editor.picture('model.png');
  await item.hover();
  await item.locator('.monaco-button', { hasText: button }).click();
}

test('where the usual model is missing it is offered, fetched and used', () => withEditor(async (editor, files) => {
  const started = editor.serverPid();
  const question = /small \(0 MB; licence: MIT\) from http:\/\/127\.0\.0\.1:\d+\/small\.gguf\? It is kept as .*small\.gguf/;
  await editor.waitFor('the offer', async () => (await editor.notifications()).some((text) => question.test(text)));
  assert.ok(!existsSync(files.kept));
  await answer(editor, 'completes with a small model', 'Fetch');
  await editor.waitFor('the model', () => existsSync(files.configuration));
  assert.deepEqual(readFileSync(files.kept), weights);
  assert.equal(JSON.parse(readFileSync(files.configuration, 'utf8')).model, 'small');
  await editor.waitFor('another server', () => editor.serverPid() !== started);
}));

test('who says never fetches nothing, and can choose by command', () => withEditor(async (editor, files) => {
  await answer(editor, 'completes with a small model', 'Never');
  assert.ok(!existsSync(files.kept));
  await editor.command('Inpaint: Choose a Model');
  const row = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: 'small' });
  await row.first().waitFor();
  assert.match(await editor.page.locator('.quick-input-list').innerText(), /mini[\s\S]*small[\s\S]*0 MB to fetch[\s\S]*MIT/);
  await row.first().click();
  await editor.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Fetch' }).click();
  await editor.waitFor('the model', () => existsSync(files.configuration));
  assert.deepEqual(readFileSync(files.kept), weights);
}));

test('what cannot be fetched is told of, and nothing is changed', () => withEditor(async (editor, files) => {
  isThere = false;
  await answer(editor, 'completes with a small model', 'Fetch');
  const [said] = await editor.waitFor('the message', async () => {
    const messages = await editor.notifications();
    return messages.some((text) => text.includes('404')) && messages.filter((text) => text.includes('404'));
  });
  assert.match(said, /^Inpaint: /);
  assert.ok(!existsSync(files.kept) && !existsSync(files.configuration));
  isThere = true;
}));

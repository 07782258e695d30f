// The server's life, as a person sees it: switched off, killed, started again, missing, not trusted.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { accepted } from './apply.mjs';
import { Editor } from './code_server.mjs';
import { settled, suggest, warmUp } from './places.mjs';

async function withEditor(options, run) {
  const editor = await Editor.start(options);
  try {
    await run(editor);
  } finally {
    await editor.stop();
  }
}

test('switched off it asks nothing, switched on it does again; and it says why there is nothing', () =>
  withEditor({ settings: { 'inpaint.languagesOff': ['javascript'] } }, async (editor) => {
    await warmUp(editor);
    await suggest(editor);
    await editor.command('Inpaint: Disable Completions');
    await editor.waitFor('the status', async () => /switched off/.test(await editor.status()));
    const asked = editor.asked().length;
    await editor.type(' or x');
    await editor.text();
    assert.equal(editor.asked().length, asked);
    await editor.command('Inpaint: Enable Completions');
    await editor.waitFor('the status', async () => /completes while you type/.test(await editor.status()));
    await editor.type(' ');
    await settled(editor, asked);

    await editor.command('Inpaint: Snooze for a While');
    await editor.waitFor('the status', async () => /keeps quiet/.test(await editor.status()));
    await editor.command('Inpaint: Enable Completions');
    await editor.waitFor('the status', async () => /completes while you type/.test(await editor.status()));

    editor.file('a.js', 'const x = 1;\n');
    await editor.open('a.js', 1, 13);
    await editor.type(' ');
    const words = 'the language is switched off: javascript';
    await editor.waitFor('the reason', async () => (await editor.status()).includes(words));
    await editor.command('Inpaint: Why Was Nothing Shown?');
    const row = editor.page.locator(`.quick-input-list .monaco-list-row[aria-label*="${words}"]`);
    await row.first().waitFor();
    await editor.picture('why.png');
    await editor.press('Escape');
  }));

test('a killed server is started again, and the text is as it was typed', () =>
  withEditor({}, async (editor) => {
    await warmUp(editor);
    await suggest(editor);
    await editor.press('Escape');
    const killed = editor.serverPid();
    process.kill(killed, 'SIGKILL');
    await editor.type('after');
    await editor.waitFor('another server', () => editor.serverPid() !== killed);
    assert.match(await editor.text(), /after/);
    await warmUp(editor);
    const shown = await suggest(editor);
    await editor.press('Tab');
    assert.equal(await editor.text(), accepted(shown.text, shown.item, shown.position));

    const before = editor.serverPid();
    await editor.command('Inpaint: Restart the Language Server');
    await editor.waitFor('another server', () => editor.serverPid() !== before);
    assert.ok(editor.asked('shutdown').length > 0);
  }));

test('a program that is missing is told of with the remedy', () =>
  withEditor({ settings: { 'inpaint.serverPath': '/nowhere/inpaint' } }, async (editor) => {
    editor.file('a.py', 'x = 1\n');
    await editor.open('a.py', 1, 6);
    await editor.waitFor('the status', async () => /is not running/.test(await editor.status()));
    const [said, ...more] = await editor.notifications();
    assert.match(said, /\/nowhere\/inpaint.* was not found: .*inpaint\.serverPath/);
    assert.deepEqual(more, []);
    await editor.type('0');
    assert.equal(await editor.text(), 'x = 10\n');
  }));

for (const [how, script] of [['at once', 'exit 3'], ['when it is spoken to', 'head -c 100 >/dev/null; exit 3']]) {
  test(`a program that ends ${how} is told of after five times, and not started again`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'program-'));
    const program = join(folder, 'inpaint');
    writeFileSync(program, `#!/bin/sh\necho start >>'${folder}/starts'\n${script}\n`, { mode: 0o755 });
    return withEditor({ settings: { 'inpaint.serverPath': program } }, async (editor) => {
      editor.file('a.py', 'x = 1\n');
      await editor.open('a.py', 1, 6);
      const hasFailed = async () => /is not running/.test(await editor.status());
      await editor.waitFor('the status', hasFailed);
      const [said, ...more] = await editor.notifications();
      assert.match(said, /ended 5 times within 3 minutes: .*Restart the Language Server/);
      assert.deepEqual(more, []);
      await editor.type('0');
      assert.equal(await editor.text(), 'x = 10\n');
      assert.ok(await hasFailed());
      assert.equal(readFileSync(join(folder, 'starts'), 'utf8'), 'start\n'.repeat(5));
    }).finally(() => rmSync(folder, { recursive: true }));
  });
}

test('a server that is started again while it starts is the one in charge', () =>
  withEditor({ startsAfter: 2 }, async (editor) => {
    editor.file('a.py', 'x = 1\n');
    await editor.open('a.py', 1, 6);
    await editor.command('Inpaint: Restart the Language Server');
    await warmUp(editor);
    const shown = await suggest(editor);
    await editor.press('Tab');
    assert.equal(await editor.text(), accepted(shown.text, shown.item, shown.position));
    assert.match(await editor.status(), /completes while you type/);
    assert.deepEqual(await editor.notifications(), []);
  }));

test('nothing runs in a workspace that is not trusted', () =>
  withEditor({ trust: false, settings: { 'security.workspace.trust.startupPrompt': 'never' } }, async (editor) => {
    editor.file('a.py', 'x = 1\n');
    await editor.open('a.py', 1, 6);
    await editor.type('0');
    assert.equal(await editor.text(), 'x = 10\n');
    assert.deepEqual(editor.messages(), []);
    assert.equal(await editor.status(), '');
    // Trusted, it starts.
    await editor.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).click();
    await editor.page.locator('.workspace-trust-editor .workspace-trust-buttons-row a', { hasText: 'Trust' })
      .first().click();
    await editor.waitFor('the server', () => editor.asked('initialize').length > 0);
  }));

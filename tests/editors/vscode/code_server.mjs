// VS Code as a person has it, in a browser that nobody sees: code-server with the packed extension, and
// Chromium, driven by keys.
//
// Everything lies in a folder of its own. What is read of the editor is what stands on the screen, the saved
// file, and what the client and the server said to each other (recorder.mjs).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packages = join(process.env.INPAINT_CODE_SERVER, 'node_modules');
const { chromium } = createRequire(join(packages, 'x'))('playwright-core');
const entry = join(packages, 'code-server', 'out', 'node', 'entry.js');

const patience = 30_000; // milliseconds, on a machine that has other things to do

export const inline = 'textDocument/inlineCompletion';

const ghost = '.ghost-text-decoration, .ghost-text, .ghost-text-decoration-preview';

export class Editor {
  /**
   * `settings`: of the user. `trust`: whether the workspace is taken as trusted without being asked. `answers`: of
   * the scripted server. `startsAfter`: seconds that the server takes to start. `catalogue`: of the models that
   * are known; no model is named then.
   */
  static async start({ settings = {}, keys = [], trust = true, answers, startsAfter = 0, catalogue } = {}) {
    const editor = new Editor();
    editor.folder = mkdtempSync(join(tmpdir(), 'vscode-'));
    editor.workspace = join(editor.folder, 'workspace');
    editor.log = join(editor.folder, 'messages.jsonl');
    mkdirSync(editor.workspace);
    writeFileSync(editor.log, '');
    const server = join(editor.folder, 'server.sh');
    const program = answers
      ? `python3 '${join(import.meta.dirname, '..', 'scripted_server.py')}' '${editor.file('answers.json', answers)}'`
      : `'${process.env.INPAINT_BINARY}'`;
    const recorder = join(import.meta.dirname, 'recorder.mjs');
    const models = catalogue && `exec ${program} "$@" --catalogue '${editor.file('catalogue.json', catalogue)}'`;
    writeFileSync(server, `#!/bin/sh
[ "$1" = models ] && ${models ?? ':'}
sleep ${startsAfter}
exec '${process.execPath}' '${recorder}' '${editor.log}' ${program} "$@"
`);
    editor.environment = { ...process.env };
    if (catalogue) {
      delete editor.environment.INPAINT_MODEL;
      for (const kind of ['DATA', 'CONFIG', 'CACHE'])
        editor.environment[`XDG_${kind}_HOME`] = join(editor.folder, kind.toLowerCase());
    }
    chmodSync(server, 0o755);
    const { 'inpaint.serverPath': serverPath = server, ...others } = settings;
    const user = join(editor.folder, 'data', 'User');
    const machine = join(editor.folder, 'data', 'Machine');
    for (const folder of [user, machine]) mkdirSync(folder, { recursive: true });
    // What names a program is of the machine that it runs on: a remote window takes it from there alone.
    writeFileSync(join(machine, 'settings.json'), JSON.stringify({ 'inpaint.serverPath': serverPath }));
    writeFileSync(join(user, 'settings.json'), JSON.stringify({
      'inpaint.gate': false, // low confidence is not what is tested here: suggestions are wanted
      'chat.disableAIFeatures': true,
      // The list of words goes before ghost text, and comes when it likes.
      'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
      'editor.wordBasedSuggestions': 'off',
      'extensions.autoCheckUpdates': false,
      'extensions.autoUpdate': false,
      'extensions.ignoreRecommendations': true,
      'files.autoSave': 'off',
      'files.hotExit': 'off',
      'telemetry.telemetryLevel': 'off',
      'window.confirmBeforeClose': 'never',
      'workbench.secondarySideBar.defaultVisibility': 'hidden',
      'workbench.startupEditor': 'none',
      ...others,
    }));
    writeFileSync(join(user, 'keybindings.json'), JSON.stringify(keys));
    try {
      editor.#codeServer('--install-extension', process.env.INPAINT_VSIX);
      await editor.#serve(trust);
      await editor.#browse();
    } catch (error) {
      await editor.stop();
      throw error;
    }
    return editor;
  }

  #arguments(...more) {
    return [entry, '--user-data-dir', join(this.folder, 'data'), '--extensions-dir', join(this.folder, 'extensions'),
      '--config', join(this.folder, 'config.yaml'), '--disable-telemetry', '--disable-update-check', ...more];
  }

  #codeServer(...args) {
    const ran = spawnSync(process.execPath, this.#arguments(...args), { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`code-server ${args.join(' ')}:\n${ran.stdout}${ran.stderr}`);
  }

  async #serve(trust) {
    // Port 0 takes a free one; where that is, is told in the first lines.
    this.server = spawn(process.execPath, this.#arguments('--auth', 'none', '--bind-addr', '127.0.0.1:0',
      ...(trust ? ['--disable-workspace-trust'] : [])), { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env: this.environment });
    process.once('exit', () => this.#kill()); // also where the tests are broken off
    let said = '';
    this.server.stderr.on('data', (piece) => { said += piece; });
    this.address = await new Promise((resolve, reject) => {
      this.server.stdout.on('data', (piece) => {
        said += piece;
        const found = /HTTP server listening on (http:\S+)/.exec(said);
        if (found) resolve(found[1]);
      });
      this.server.once('exit', () => reject(new Error(`code-server ended:\n${said}`)));
    });
  }

  async #browse() {
    this.browser = await chromium.launch({
      executablePath: process.env.INPAINT_CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
    });
    this.page = await this.browser.newPage({ viewport: { width: 1000, height: 640 } });
    this.page.setDefaultTimeout(patience);
    const address = new URL(this.address);
    address.searchParams.set('folder', this.workspace);
    await this.page.goto(address.href);
    await this.page.waitForSelector('.monaco-workbench .part.statusbar');
  }

  async stop() {
    try {
      await this.browser?.close();
    } finally {
      if (this.server && this.server.exitCode === null && this.server.signalCode === null) {
        const ended = once(this.server, 'exit');
        this.#kill();
        await ended;
      }
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
  }

  /** The server, and the hosts of extensions that it has started. */
  #kill() {
    try {
      process.kill(-this.server.pid, 'SIGTERM');
    } catch {
      // It has gone.
    }
  }

  // What a person does.

  /** Writes a file into the workspace, or beside it where it is not text. Returns its path. */
  file(name, content) {
    const path = join(typeof content === 'string' ? this.workspace : this.folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  }

  /** Opens a file of the workspace; `line` and `column` count from 1, in UTF-16 units. */
  async open(name, line = 1, column = 1) {
    this.path = join(this.workspace, name);
    await this.page.keyboard.press('Control+P');
    await this.#quickInput(`${this.path}:${line}:${column}`, name);
    await this.waitFor(`${name} to be shown`, () => this.page.evaluate(
      ([wanted, place]) =>
        document.querySelector('.tab.active')?.dataset.resourceName === wanted &&
        [...document.querySelectorAll('.statusbar-item')].some((item) => item.textContent.includes(place)) &&
        document.activeElement?.closest('.monaco-editor') !== null,
      [name, `Ln ${line}, `]));
  }

  /**
   * Chooses what is offered first, once that is `wanted`: entries of before stand there at first. What is
   * chosen may ask for more, in the same field.
   */
  async #quickInput(text, wanted) {
    const input = this.page.locator('.quick-input-widget input.input');
    const row = this.page.locator(`.quick-input-widget .monaco-list-row.focused[aria-label*="${wanted}"]`);
    await input.waitFor({ state: 'visible' });
    await this.waitFor(`'${wanted}' to be offered`, async () => {
      await input.fill(text); // once more where the field was emptied as it opened
      return row.waitFor({ timeout: 2000 }).then(() => true, () => false);
    });
    const purpose = await input.getAttribute('placeholder');
    await input.press('Enter');
    const purposeNow = () => input.getAttribute('placeholder', { timeout: 1000 }).catch(() => undefined); // gone
    await this.waitFor('the choice to be taken', async () =>
      !(await input.isVisible()) || (await purposeNow()) !== purpose);
  }

  /** By its title, as the list of commands shows it. */
  async command(title) {
    await this.page.keyboard.press('F1');
    await this.#quickInput(`>${title}`, title);
  }

  type(text) { return this.page.keyboard.type(text); }
  press(key) { return this.page.keyboard.press(key); }

  // What a person sees.

  /** The ghost text of the line, or nothing. */
  async ghost() {
    const parts = await this.page.$$eval(ghost, (found) => found.map((part) => part.textContent));
    return parts.length > 0 ? parts.join('').replaceAll('\u00a0', ' ') : undefined;
  }

  /** What the item in the status bar says when it is pointed at. */
  status() {
    return this.page.$$eval('.statusbar-item', (items) =>
      items.map((item) => item.getAttribute('aria-label') ?? '').find((label) => label.includes('Inpaint')) ?? '');
  }

  /** All that are there: what pops up may be hidden again before it is looked for. */
  async notifications() {
    await this.command('Notifications: Show Notifications');
    const center = this.page.locator('.notifications-center.visible');
    await center.waitFor();
    const messages = await center.locator('.notification-list-item-message').allTextContents();
    await this.waitFor('the notifications to be hidden', async () => {
      if (await center.isVisible()) await this.press('Escape');
      return !(await center.isVisible());
    });
    return messages.filter((message) => message !== 'Activating Extensions...'); // VS Code's own
  }

  picture(name) {
    const folder = process.env.INPAINT_PICTURES;
    return folder ? this.page.screenshot({ path: join(folder, name) }) : undefined;
  }

  /** The text as it is saved. */
  async text() {
    // What was typed is drawn, and its tab marked, two frames later at most.
    await this.page.evaluate(() => new Promise((drawn) => {
      requestAnimationFrame(() => requestAnimationFrame(drawn));
    }));
    await this.press('Control+S');
    await this.waitFor('the file to be saved', () =>
      this.page.evaluate(() => document.querySelector('.tab.active.dirty') === null));
    return readFileSync(this.path, 'utf8');
  }

  // What was said.

  messages() {
    const lines = readFileSync(this.log, 'utf8').split('\n');
    return lines.slice(0, -1).map((line) => JSON.parse(line)); // the last one is still being written
  }

  /** The process of the server that was started last. */
  serverPid() { return this.messages().findLast(({ pid }) => pid)?.pid; }

  /** `path`: only what concerns that file. */
  asked(method = inline, path = undefined) {
    return this.messages().filter(({ from, message }) =>
      from === 'client' && message.method === method &&
      (!path || message.params.textDocument.uri.endsWith(path)));
  }

  /** The last question with its answer: { params, result }. Numbers begin anew with each server. */
  answer(method = inline) {
    const messages = this.messages();
    const at = messages.findLastIndex(({ from, message }) => from === 'client' && message.method === method);
    const question = messages[at].message;
    const found = messages.slice(at).find(({ from, message }) =>
      from === 'server' && message.id === question.id && !message.method);
    return found && { params: question.params, ...found.message };
  }

  async waitFor(what, condition) {
    const end = Date.now() + patience;
    for (;;) {
      const value = await condition();
      if (value) return value;
      if (Date.now() > end) throw new Error(`waited in vain for ${what}\n${await this.describe()}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }

  /** Until more was asked than `before` questions, and the last one was answered. */
  async settle(before) {
    await this.waitFor('a question and its answer', () => this.asked().length > before && this.answer());
    return this.answer();
  }

  async describe() {
    const screen = existsSync(process.env.INPAINT_PICTURES ?? '') ? 'failure.png' : undefined;
    if (screen) await this.picture(screen);
    return JSON.stringify(
      { status: await this.status(), ghost: await this.ghost(), last: this.messages().slice(-6) }, null, 1);
  }
}

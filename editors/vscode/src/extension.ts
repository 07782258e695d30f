// The extension's entry: commands, the status bar, and the session with the language server.
//
// package.json keeps it out of untrusted workspaces: the server would read the workspace's files.
import * as vscode from 'vscode';
import { ModelChooser } from './modelChooser';
import { Session } from './session';
import { readSettings, section, writeEnabled } from './settings';
import { Status } from './status';

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Inpaint', { log: true });
  const status = new Status();
  const current = new Session(log, status, context.extensionPath);
  session = current;
  const chooser = new ModelChooser(
    context.globalState,
    log,
    () => current.program(),
    () => current.restart(),
  );

  const command = (name: string, action: () => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`${section}.${name}`, action);
  context.subscriptions.push(
    log,
    status,
    current,
    chooser,
    command('enable', async () => {
      current.snoozeFor(0);
      await writeEnabled(true);
    }),
    command('disable', () => writeEnabled(false)),
    command('restart', () => current.restart()),
    command('snooze', () => current.snoozeFor(readSettings().snoozeMinutes)),
    command('chooseModel', () => chooser.choose()),
    command('why', () => current.why()),
    command('showLog', () => log.show()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (!event.affectsConfiguration(section)) return;
      const program = ['serverPath', 'modelPath'].map((name) => `${section}.${name}`);
      if (program.some((name) => event.affectsConfiguration(name))) await current.restart();
      else current.refresh();
    }),
  );
  await current.start();
  // Where a model was named the one that would be the default is no question.
  if (!readSettings().modelPath && !process.env['INPAINT_MODEL']) void chooser.offerDefault();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
  session = undefined;
}

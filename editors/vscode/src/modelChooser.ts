// Lets a person choose a model, and fetch it: `inpaint models` with a list, a question and a progress bar.
//
// Nothing is fetched that nobody has agreed to. What was interrupted goes on the next time, as it does in a
// terminal.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { fetchQuestion, fetchedPercent, missingDefault, modelPicks, type Model } from './models';

const run = promisify(execFile);
const asked = 'askedAboutModel'; // in the memory of the extension: 'never'

/** What a failed command has said. */
function words(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr || message || String(error)).trim().replace(/^inpaint: /, '');
}

function bytesOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

export class ModelChooser implements vscode.Disposable {
  private fetching: ChildProcess | undefined; // one at a time

  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
    private readonly program: () => string | undefined,
    private readonly changed: () => Promise<void>,
  ) {}

  /** The list, by command. */
  async choose(): Promise<void> {
    if (this.fetching) {
      void vscode.window.showInformationMessage('Inpaint: a model is being fetched: wait, or cancel that first.');
      return;
    }
    let models: Model[];
    try {
      models = await this.models();
    } catch (error) {
      this.failed(error);
      return;
    }
    const chosen = await vscode.window.showQuickPick(modelPicks(models), {
      title: 'Inpaint: Choose a Model',
      placeHolder: 'Models run on this machine; nothing of your code leaves it',
      matchOnDetail: true,
    });
    if (!chosen || chosen.model.used) return;
    if (chosen.model.path || (await this.agreed(chosen.model))) await this.use(chosen.model);
  }

  /** Where the usual model is not here: once, until somebody says never. */
  async offerDefault(): Promise<void> {
    if (this.memory.get(asked) === 'never') return;
    // Where it cannot be told nobody is asked: who chooses by command learns why.
    const model = await this.models().then(missingDefault, () => undefined);
    if (!model) return;
    const said = await vscode.window.showInformationMessage(
      `Inpaint completes with a small model now. ${fetchQuestion(model)}`,
      'Fetch',
      'Not Now',
      'Never',
    );
    if (said === 'Never') await this.memory.update(asked, 'never');
    if (said === 'Fetch') await this.use(model);
  }

  /** The fetch goes with the editor, and goes on the next time. */
  dispose(): void {
    this.fetching?.kill('SIGINT');
  }

  private async models(): Promise<Model[]> {
    return JSON.parse((await run(this.found(), ['models', 'list', '--json'])).stdout) as Model[];
  }

  private found(): string {
    const program = this.program();
    if (!program) throw new Error('the program was not found: see the setting inpaint.serverPath');
    return program;
  }

  private async agreed(model: Model): Promise<boolean> {
    const said = await vscode.window.showInformationMessage(fetchQuestion(model), { modal: true }, 'Fetch');
    return said === 'Fetch';
  }

  private async use(model: Model): Promise<void> {
    try {
      const program = this.found();
      if (!model.path && !(await this.fetch(program, model))) return;
      await run(program, ['models', 'use', model.name]);
      await this.changed();
      void vscode.window.showInformationMessage(`Inpaint: ${model.name} answers from now on.`);
    } catch (error) {
      this.failed(error);
    }
  }

  /** False: a person stopped it. */
  private fetch(program: string, model: Model): Thenable<boolean> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: `Inpaint: fetching ${model.name}`,
      cancellable: true,
    };
    return vscode.window.withProgress(options, (progress, token) => new Promise<boolean>((resolve, reject) => {
      // Who has agreed has read the licence.
      const child = spawn(program, ['models', 'get', model.name, '--yes'], { stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
      this.fetching = child;
      token.onCancellationRequested(() => child.kill('SIGINT')); // keeps what has come
      let told = 0;
      const watch = setInterval(() => {
        const percent = fetchedPercent(model, bytesOf(`${model.kept_as}.part`));
        progress.report({ message: `${percent} %`, increment: Math.max(0, percent - told) });
        told = Math.max(told, percent);
      }, 500);
      child.on('error', reject); // 'close' comes behind it
      child.on('close', (code) => {
        clearInterval(watch);
        this.fetching = undefined;
        this.log.info(stderr.trim());
        if (code === 0) resolve(true);
        else if (token.isCancellationRequested) resolve(false);
        else reject(new Error(stderr.trim().split('\n').at(-1) || `the program ended with ${code}`));
      });
    }));
  }

  private failed(error: unknown): void {
    this.log.error(words(error));
    void vscode.window.showErrorMessage(`Inpaint: ${words(error)}`);
  }
}

// Lets a person choose a model, and fetch it: `inpaint models` with a list, a question and a progress bar.
//
// Nothing is fetched that nobody has agreed to. What was interrupted goes on the next time, as it does in a
// terminal.
import { execFile, spawn } from 'node:child_process';
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

export class ModelChooser {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
    private readonly program: () => string | undefined,
    private readonly changed: () => Promise<void>,
  ) {}

  /** The list, by command. */
  async choose(): Promise<void> {
    const models = await this.models();
    if (!models) return;
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
    const model = missingDefault((await this.models()) ?? []);
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

  private async models(): Promise<Model[] | undefined> {
    const program = this.program();
    if (!program) return undefined;
    try {
      return JSON.parse((await run(program, ['models', 'list', '--json'])).stdout) as Model[];
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  private async agreed(model: Model): Promise<boolean> {
    const said = await vscode.window.showInformationMessage(fetchQuestion(model), { modal: true }, 'Fetch');
    return said === 'Fetch';
  }

  private async use(model: Model): Promise<void> {
    const program = this.program();
    if (!program) return;
    try {
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
      token.onCancellationRequested(() => child.kill('SIGINT')); // keeps what has come
      let told = 0;
      const watch = setInterval(() => {
        const percent = fetchedPercent(model, bytesOf(`${model.kept_as}.part`));
        progress.report({ message: `${percent} %`, increment: Math.max(0, percent - told) });
        told = Math.max(told, percent);
      }, 500);
      child.on('error', reject);
      child.on('close', (code) => {
        clearInterval(watch);
        this.log.info(stderr.trim());
        if (code === 0) resolve(true);
        else if (token.isCancellationRequested) resolve(false);
        else reject(new Error(stderr.trim().split('\n').at(-1)));
      });
    }));
  }

  private failed(error: unknown): void {
    this.log.error(words(error));
    void vscode.window.showErrorMessage(`Inpaint: ${words(error)}`);
  }
}

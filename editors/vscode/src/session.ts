// One run of the language server: starts and stops it, keeps quiet when it is told to, and says
// what is wrong when it does not start. Ghost text itself is the client library's: it registers the
// provider once the server has said that it has inline completion.
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  ResponseError,
  TransportKind,
  type ClientCapabilities,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { Arrivals } from './arrivals';
import { Client } from './client';
import { documents, findProgram, serverCommand } from './program';
import { readSettings, section } from './settings';
import type { Status } from './status';
import { picks, tooltip, type Silence, type WhyAnswer } from './why';

/** The server tells its status to clients that say that they show it. */
const showsStatus: StaticFeature = {
  fillClientCapabilities: (capabilities: ClientCapabilities) => {
    capabilities.experimental = { ...capabilities.experimental, inpaintStatus: true };
  },
  initialize: () => {},
  getState: () => ({ kind: 'static' }),
  clear: () => {},
};

/** A server that ends so often within so many minutes is not started again by itself. */
const mostEnds = 5;
const endsWithinMinutes = 3;

/** A server that does not answer is not waited for longer than so many milliseconds. */
const patience = 5000;

/** Whether the server itself has answered with an error, and not the pipe to it (-32099 to -32096 of JSON-RPC). */
function isAnswer(error: unknown): error is ResponseError {
  return error instanceof ResponseError && !(error.code >= -32099 && error.code <= -32096);
}

export class Session implements vscode.Disposable {
  private client: Client | undefined; // the one in charge; others have ended, or are being stopped
  private starting: Promise<void> | undefined; // settled once it runs or has failed
  private arrivals: Arrivals | undefined;
  private ends: number[] = []; // when the server ended by itself
  private snooze: NodeJS.Timeout | undefined;
  private problem: string | undefined;
  private nothing: string | undefined;

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
    private readonly extensionFolder: string,
  ) {}

  async start(): Promise<void> {
    if (this.client) return;
    this.problem = this.nothing = undefined;
    const settings = readSettings();
    const program = this.program();
    if (!program) {
      this.fail(
        `the program '${settings.serverPath || 'inpaint'}' was not found: ` +
          'put it into PATH, or give its absolute path in the setting inpaint.serverPath',
        'Open Settings',
        () => vscode.commands.executeCommand('workbench.action.openSettings', 'inpaint.serverPath'),
      );
      return;
    }
    this.log.info(`starting ${program}`);
    const { command, args } = serverCommand(program, settings.modelPath);
    const client: Client = new Client(
      section,
      'Inpaint',
      { command, args, transport: TransportKind.stdio },
      {
        documentSelector: [...documents],
        outputChannel: this.log,
        initializationFailedHandler: () => false,
        // The library would start the same client again; a new one is started here, and counted.
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => {
            void this.ended(client);
            return { action: CloseAction.DoNotRestart, handled: true };
          },
        },
        middleware: {
          // Asked here as well as in the server, so that switching off works at once.
          provideInlineCompletionItems: (document, position, context, token, next) =>
            this.quiet() ? undefined : next(document, position, context, token),
        },
      },
    );
    this.client = client;
    client.registerFeature(showsStatus);
    client.onNotification('inpaint/status', ({ nothing }: { nothing: Silence | null }) => {
      if (nothing?.id === 'unmodified') return; // somebody has arrived, and wonders at nothing yet
      this.nothing = nothing ? tooltip(nothing) : undefined;
      this.refresh();
    });
    client.onDidChangeState(() => this.refresh());
    this.refresh();
    this.starting = client.start();
    try {
      await this.starting;
    } catch (error) {
      if (isAnswer(error)) this.refused(client, error.message);
      else await this.ended(client);
      return;
    }
    if (this.client !== client) return;
    this.arrivals?.dispose();
    this.arrivals = new Arrivals(() => (this.quiet() || !client.isRunning() ? undefined : client));
    this.refresh();
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined; // what it tells from here on is nobody's
    this.arrivals?.dispose();
    if (client) await this.disposeOf(client);
  }

  async restart(): Promise<void> {
    this.ends = [];
    await this.stop();
    await this.start();
  }

  /** The program that is started, where there is one. */
  program(): string | undefined {
    return findProgram(readSettings().serverPath, process.env['PATH'], this.extensionFolder);
  }

  /** No suggestions for so many minutes; 0 wakes it. */
  snoozeFor(minutes: number): void {
    if (this.snooze) clearTimeout(this.snooze);
    this.snooze = undefined;
    if (minutes > 0) {
      this.snooze = setTimeout(() => this.snoozeFor(0), minutes * 60_000);
    }
    this.refresh();
  }

  refresh(): void {
    if (this.problem) this.status.show('failed', this.problem);
    else if (!readSettings().enabled) this.status.show('disabled');
    else if (this.snooze) this.status.show('snoozed');
    else if (this.client?.isRunning()) this.status.show('ready', this.nothing);
    else this.status.show('starting');
  }

  /** Lists why nothing was shown lately; who chooses a reason is led to its setting. */
  async why(): Promise<void> {
    if (!this.client?.isRunning() || this.quiet()) {
      const state = this.problem ?? (this.client?.isRunning() ? 'it is switched off or snoozed' : 'it is starting');
      void vscode.window.showInformationMessage(`Inpaint shows nothing: ${state}.`);
      return;
    }
    const found = picks(await this.client.sendRequest<WhyAnswer>('inpaint/why'));
    const chosen = await vscode.window.showQuickPick(found, {
      title: 'Inpaint: Why Was Nothing Shown?',
      placeHolder: found.length > 0 ? 'Newest first' : 'Every question so far had an answer',
    });
    if (chosen?.setting) {
      await vscode.commands.executeCommand('workbench.action.openSettings', chosen.setting);
    }
  }

  dispose(): void {
    if (this.snooze) clearTimeout(this.snooze);
    void this.stop();
  }

  private quiet(): boolean {
    return this.snooze !== undefined || !readSettings().enabled;
  }

  /** The server has ended by itself. Told of one client once. */
  private async ended(client: Client): Promise<void> {
    if (this.client !== client) return;
    await this.stop();
    const now = Date.now();
    this.ends = [...this.ends.filter((time) => now - time < endsWithinMinutes * 60_000), now];
    if (this.ends.length < mostEnds) return this.start();
    this.fail(
      `the language server ended ${mostEnds} times within ${endsWithinMinutes} minutes: the log has its last ` +
        'words, and "Inpaint: Restart the Language Server" starts it again',
      'Show Log',
      () => this.log.show(),
    );
  }

  /** The server itself does not want to start. */
  private refused(client: Client, why: string): void {
    if (this.client !== client) return;
    void this.stop();
    this.fail(`the language server did not start: ${why}`, 'Show Log', () => this.log.show());
  }

  /** It cannot be stopped while it starts. */
  private async disposeOf(client: Client): Promise<void> {
    const settled = Promise.resolve(this.starting).catch(() => {});
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, patience))]);
    try {
      await client.dispose();
    } catch (error) {
      this.log.warn(`the language server did not stop in good order: ${String(error)}`);
    }
  }

  private fail(problem: string, action: string, act: () => unknown): void {
    this.problem = problem;
    this.log.error(problem);
    this.refresh();
    void vscode.window.showErrorMessage(`Inpaint: ${problem}.`, action).then((chosen) => {
      if (chosen === action) act();
    });
  }
}

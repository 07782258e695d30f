// One run of the language server: starts and stops it, keeps quiet when it is told to, and says
// what is wrong when it does not start. Ghost text itself is the client library's: it registers the
// provider once the server has said that it has inline completion.
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  State as ClientState,
  TransportKind,
  type ClientCapabilities,
  type CloseHandlerResult,
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

/** A server that ends so often within so many milliseconds is not started again by itself. */
const mostEnds = 5;
const endsWithin = 3 * 60_000;

export class Session implements vscode.Disposable {
  private client: Client | undefined;
  private snooze: NodeJS.Timeout | undefined;
  private problem: string | undefined;
  private nothing: string | undefined;
  private arrivals: Arrivals | undefined;
  private ends: number[] = []; // when the server ended by itself

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
    private readonly extensionFolder: string,
  ) {}

  async start(): Promise<void> {
    if (this.client) return;
    this.problem = undefined;
    const settings = readSettings();
    const program = findProgram(settings.serverPath, process.env['PATH'], this.extensionFolder);
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
    const client = new Client(
      section,
      'Inpaint',
      { command, args, transport: TransportKind.stdio },
      {
        documentSelector: [...documents],
        outputChannel: this.log,
        initializationFailedHandler: () => false,
        errorHandler: {
          // What cannot be written to it: it has ended, which is told below.
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => this.ended(),
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
      this.nothing = nothing ? tooltip(nothing) : undefined;
      this.refresh();
    });
    client.onDidChangeState(({ newState }) => this.clientChanged(newState));
    this.arrivals = new Arrivals(() => (this.quiet() || !client.isRunning() ? undefined : client));
    this.refresh();
    try {
      await client.start();
    } catch (error) {
      // One that ended while it started is started again, or given up, in ended(), which may come after this.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (this.ends.length > 0 || this.client !== client) return;
      this.client = undefined;
      const why = error instanceof Error ? error.message : String(error);
      this.fail(`the language server did not start: ${why}`, 'Show Log', () => this.log.show());
      return;
    }
    this.arrivals.announceActive();
    this.refresh();
  }

  async stop(): Promise<void> {
    this.arrivals?.dispose();
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      this.log.warn(`the language server did not stop in good order: ${String(error)}`);
    }
  }

  async restart(): Promise<void> {
    this.ends = [];
    await this.stop();
    await this.start();
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
    else if (this.client?.state === ClientState.Running) this.status.show('ready', this.nothing);
    else this.status.show('starting');
  }

  /** Lists why nothing was shown lately; who chooses a reason is led to its setting. */
  async why(): Promise<void> {
    if (!this.client || this.quiet()) {
      const state = this.problem ?? (this.client ? 'it is switched off or snoozed' : 'it is starting');
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

  private ended(): CloseHandlerResult {
    const now = Date.now();
    this.ends = [...this.ends.filter((time) => now - time < endsWithin), now];
    if (this.ends.length < mostEnds) return { action: CloseAction.Restart, handled: true };
    this.fail(
      `the language server ended ${mostEnds} times within three minutes: the log has its last words, ` +
        'and "Inpaint: Restart the Language Server" starts it again',
      'Show Log',
      () => this.log.show(),
    );
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  private clientChanged(state: ClientState): void {
    this.nothing = undefined;
    if (state === ClientState.Stopped && this.client) {
      this.problem ??= 'The server ended. "Inpaint: Restart the Language Server" starts it again.';
    } else if (state !== ClientState.Stopped) {
      this.problem = undefined;
    }
    this.refresh();
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

// The library's client, made quiet: it would tell of every request that fails, at each key.
import * as vscode from 'vscode';
import { LanguageClient, type MessageSignature } from 'vscode-languageclient/node';

/** What a person asks for; where anything else fails the log tells, and nobody is disturbed at each key. */
const askedInPerson: ReadonlySet<string> = new Set(['codeAction/resolve']);

export class Client extends LanguageClient {
  override handleFailedRequest<T>(
    type: MessageSignature,
    token: vscode.CancellationToken | undefined,
    error: unknown,
    defaultValue: T,
    showNotification = true,
    throwOnCancel = false,
  ): T {
    try {
      return super.handleFailedRequest(type, token, error, defaultValue, false, throwOnCancel);
    } catch (thrown) {
      // What was cancelled, or is out of date, is thrown as something else.
      if (thrown === error && showNotification && askedInPerson.has(type.method)) {
        const why = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(`Inpaint: ${why}`);
      }
      throw thrown;
    }
  }

  /** The library's own words go to the log: what a person can do about it is told by the session. */
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

// Tells the server where somebody has arrived, before they type.
//
// VS Code asks for inline completions once something was typed, so that the first key of a file would wait
// for the model and for the text around the cursor. To a question about a text that nobody has changed the
// server answers nothing, and reads ahead. Where a text was changed the keys themselves ask.
import * as vscode from 'vscode';
import { InlineCompletionRequest, type LanguageClient } from 'vscode-languageclient/node';
import { documents } from './program';

/** A text keeps its first version until it is changed. */
const unchanged = 1;

export class Arrivals implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable;

  /** `client`: the one that runs, and may be asked now. */
  constructor(private readonly client: () => LanguageClient | undefined) {
    this.subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor((editor) => this.announce(editor)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.announce(textEditor)),
    );
    this.announce(vscode.window.activeTextEditor);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private announce(editor: vscode.TextEditor | undefined): void {
    const server = this.client();
    if (!server || !editor || editor.document.version !== unchanged) return;
    if (vscode.languages.match([...documents], editor.document) === 0) return;
    const params = server.code2ProtocolConverter.asInlineCompletionParams(
      editor.document,
      editor.selection.active,
      { triggerKind: vscode.InlineCompletionTriggerKind.Automatic, selectedCompletionInfo: undefined },
    );
    // Nobody waits for it, and where it fails the first key asks.
    server.sendRequest(InlineCompletionRequest.type, params).catch(() => {});
  }
}

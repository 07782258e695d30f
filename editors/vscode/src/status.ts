// The item in the status bar: what Inpaint is doing, and a click that changes it.
import * as vscode from 'vscode';

export type State = 'starting' | 'ready' | 'disabled' | 'snoozed' | 'failed';

interface Look {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string;
  readonly warning?: boolean;
}

const looks: Readonly<Record<State, Look>> = {
  starting: {
    text: '$(loading~spin) Inpaint',
    tooltip: 'Inpaint: the language server is starting',
    command: 'inpaint.showLog',
  },
  ready: {
    text: '$(sparkle) Inpaint',
    tooltip: 'Inpaint completes while you type. Click to switch it off.',
    command: 'inpaint.disable',
  },
  disabled: {
    text: '$(circle-slash) Inpaint',
    tooltip: 'Inpaint is switched off. Click to switch it on.',
    command: 'inpaint.enable',
  },
  snoozed: {
    text: '$(bell-slash) Inpaint',
    tooltip: 'Inpaint keeps quiet for a while. Click to wake it.',
    command: 'inpaint.enable',
  },
  failed: {
    text: '$(warning) Inpaint',
    tooltip: 'Inpaint: the language server is not running. Click for the log.',
    command: 'inpaint.showLog',
    warning: true,
  },
};

export class Status implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;

  constructor() {
    this.item = vscode.window.createStatusBarItem('inpaint', vscode.StatusBarAlignment.Right, 100);
    this.item.name = 'Inpaint';
    this.show('starting');
    this.item.show();
  }

  show(state: State, detail?: string): void {
    const look = looks[state];
    this.item.text = look.text;
    this.item.tooltip = detail ? `${look.tooltip}\n${detail}` : look.tooltip;
    this.item.command = look.command;
    this.item.backgroundColor = look.warning
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
  }

  dispose(): void {
    this.item.dispose();
  }
}

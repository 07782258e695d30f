// The user's settings, as values.
//
// What names a program or a file to load has the scope `machine` in package.json, so that VS Code
// never takes it from a workspace; the server, for its part, takes neither from the settings that
// it is sent.
import * as vscode from 'vscode';

export const section = 'inpaint';

export interface Settings {
  readonly enabled: boolean;
  readonly serverPath: string;
  readonly modelPath: string;
  readonly snoozeMinutes: number;
}

export function readSettings(): Settings {
  const settings = vscode.workspace.getConfiguration(section);
  return {
    enabled: settings.get('enabled', true),
    serverPath: settings.get('serverPath', '').trim(),
    modelPath: settings.get('modelPath', '').trim(),
    snoozeMinutes: settings.get('snoozeMinutes', 10),
  };
}

/** Where `inpaint.enabled` is set already, there it is changed: the workspace, else the user. */
export async function writeEnabled(enabled: boolean): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section);
  const inWorkspace = settings.inspect('enabled')?.workspaceValue !== undefined;
  await settings.update(
    'enabled',
    enabled,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

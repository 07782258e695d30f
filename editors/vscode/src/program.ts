// How the server is started, and whether there is anything to start. Free of VS Code, so that a
// test runs it as it is.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export interface Command {
  readonly command: string;
  readonly args: string[];
}

/**
 * Every text that a person writes, in whatever language: the server knows more of some languages, and
 * completes all of them. What else VS Code shows as a document (output, differences, settings) is not
 * ours to complete.
 */
export const documents = [{ scheme: 'file' }, { scheme: 'untitled' }] as const;

/** The client adds `--stdio` itself. */
export function serverCommand(serverPath: string, modelPath: string): Command {
  return { command: serverPath, args: ['serve', ...(modelPath ? ['--model', modelPath] : [])] };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The absolute path of the program, or nothing. What the user has set is the only place; where nothing is
 * set, the program that came with the extension goes before one in PATH, because the two fit each other. A
 * relative path with a folder in it is refused: it would be looked for in the folder that is open, which
 * must not bring its own program along.
 */
export function findProgram(
  serverPath: string,
  pathVariable: string | undefined,
  extensionFolder: string,
): string | undefined {
  const suffixes = process.platform === 'win32' ? ['', '.exe'] : [''];
  const candidates: string[] = [];
  if (isAbsolute(serverPath)) {
    candidates.push(serverPath);
  } else if (!/[/\\]/.test(serverPath)) {
    if (!serverPath) candidates.push(join(extensionFolder, 'server', 'bin', 'inpaint'));
    for (const folder of (pathVariable ?? '').split(delimiter)) {
      if (isAbsolute(folder)) candidates.push(join(folder, serverPath || 'inpaint'));
    }
  }
  for (const candidate of candidates) {
    for (const suffix of suffixes) {
      if (isProgram(candidate + suffix)) return candidate + suffix;
    }
  }
  return undefined;
}

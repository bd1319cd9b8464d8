/** The command line as a process of its own, as people start it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'src/cli/main.ts');
const ENDS_WITHIN_MS = 60_000;

export interface Ended {
  /** The signal's name where one ended the process. */
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once standard error holds the pattern; rejects where the process ends without it. */
  saying(pattern: RegExp): Promise<void>;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The file to run instead of the command line. */
  readonly main?: string;
}

/** Starts `minecanary` in UTC, with nothing in its environment but PATH, HOME and what is given. */
export function startCli(args: readonly string[], { env = {}, main = MAIN }: CliOptions = {}): Started {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH, HOME, TZ: 'UTC', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: ENDS_WITHIN_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'SIGKILL', stdout, stderr }));
  });
  const saying = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (pattern.test(stderr) && resolve());
      child.stderr.on('data', look);
      child.once('close', () => reject(new Error(`It ended without saying ${pattern}: ${stderr}`)));
      look();
    });
  return { child, ended, saying };
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<Ended> {
  return startCli(args, options).ended;
}

/** A folder for configurations and lookups of a test file. */
export interface Folder {
  readonly path: string;
  /** Writes a file and returns its path. */
  file(name: string, content: string | object): string;
  /** Makes a folder in it and returns its path. */
  folder(name: string): string;
  remove(): void;
}

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'minecanary-'));
  return {
    path,
    file(name, content) {
      const file = join(path, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    folder(name) {
      const inner = join(path, name);
      mkdirSync(inner, { recursive: true });
      return inner;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

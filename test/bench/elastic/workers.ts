import { isoTime } from '../../../src/model/time.ts';
import type { TimeRange } from '../../../src/sources/source.ts';
import type { Corner } from '../../support/worker.ts';
import { passProcess } from './process.ts';

/** Parts of the backlog, each a unit of its own that one worker takes. */
const PARTS = 12;

/**
 * One backlog, given to one to six workers: each takes the next of twelve parts when it is done with one.
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
      const waiting = Array.from({ length: PARTS }, (_, i): TimeRange => {
        const width = (range.to - range.from) / PARTS;
        return { from: range.from + i * width, to: range.from + (i + 1) * width };
      });
      const work = async (): Promise<void> => {
        for (let part = waiting.shift(); part !== undefined; part = waiting.shift())
          await passProcess(corner, { range: part, config: { alerts: { remind: '0s' } } });
      };
      const started = performance.now();
      await Promise.all(Array.from({ length: workers }, work));
      seconds.push((performance.now() - started) / 1000);
    });
  }
  const best = Math.min(...seconds);
  const rows = seconds.map((one, i) => `${i + 1}: ${one.toFixed(1)} s (${Math.round((100 * best) / one)} %)`);
  console.log(
    `workers on a backlog from ${isoTime(range.from)}, its ${PARTS} parts a process each; seconds and share of`,
  );
  console.log(`the best rate: ${rows.join(', ')}`);
}

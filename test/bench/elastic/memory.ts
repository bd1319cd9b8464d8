import type { TimeRange } from '../../../src/sources/source.ts';
import type { Corner } from '../../support/worker.ts';
import { passProcess } from './process.ts';

/** Flags for Node under which a worker's memory is measured: by default it lets garbage lie. */
const FLAGS = ['--max-old-space-size=160', '--max-semi-space-size=8'];

/** The most memory that a pass over events that all match holds, beside a pass over nothing with the same lookups. */
export async function benchMemory(corner: Corner, range: TimeRange): Promise<void> {
  const nothing = await passProcess(corner, { range: { from: 0, to: 1000 }, flags: FLAGS });
  const { counts, seconds, rss, cpu } = await passProcess(corner, { range, flags: FLAGS });
  console.log(
    `peak memory of a pass, ${counts['matched']} matching of ${counts['seen']}, ${counts['tagged']} tagged, ` +
      `${FLAGS.join(' ')}: ${Math.round(rss)} MB, ${Math.round(rss - nothing.rss)} MB above a pass over nothing ` +
      `(${seconds.toFixed(0)} s, ${Math.round((100 * cpu) / seconds)} % of a core)`,
  );
}

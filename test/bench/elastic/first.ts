import type { TimeRange } from '../../../src/sources/source.ts';
import type { Corner } from '../../support/worker.ts';
import { median, report } from '../rounds.ts';
import { passProcess } from './process.ts';
import { bareWrites, readWritten, type Written } from './writes.ts';

/**
 * The first pass over events of which many match, by a process of its own, against bare creates of the same match
 * documents and bare updates with `if_seq_no` of the same events, one request after the other.
 *
 * @param lend gives a corner with the same events anew each time, and takes it away.
 */
export async function benchFirst(
  lend: (work: (corner: Corner) => Promise<void>) => Promise<void>,
  range: TimeRange,
  rounds: number,
): Promise<void> {
  const times: { ours: number; theirs: number; share: number }[] = [];
  let what = '';
  for (let round = 0; round < rounds; round += 1) {
    let [ours, theirs, share] = [0, 0, 0];
    let written: Written | undefined;
    await lend(async (corner) => {
      const { seconds, cpu, counts } = await passProcess(corner, { range });
      [ours, share] = [1000 * seconds, cpu / seconds];
      const { seen = 0, matched = 0, tagged = 0 } = counts;
      what = `first pass over ${seen} events, ${matched} matching, ${tagged} tagged`;
      written = await readWritten(corner);
    });
    await lend(async (corner) => {
      if (written !== undefined) theirs = await bareWrites(corner, written);
    });
    times.push({ ours, theirs, share });
  }
  const share = Math.round(100 * median(times.map((one) => one.share)));
  report(
    `${what}, against bare creates and updates (worker: ${share} % of a core, its start included)`,
    {
      ours: median(times.map((one) => one.ours)),
      theirs: median(times.map((one) => one.theirs)),
      ratio: median(times.map((one) => one.ours / one.theirs)),
    },
    (ms) => `${(ms / 1000).toFixed(1)} s`,
  );
}

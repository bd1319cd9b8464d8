import type { TimeRange } from '../../../src/sources/source.ts';
import { median, report } from '../rounds.ts';
import { passProcess } from './process.ts';
import { againstBareWrites, inSeconds, type Lend } from './writes.ts';

/** The first pass over events of which many match, by a process of its own, against the bare writes of the same. */
export async function benchFirst(lend: Lend, range: TimeRange, rounds: number): Promise<void> {
  const shares: number[] = [];
  let what = '';
  const sides = await againstBareWrites(lend, rounds, async (corner) => {
    const { seconds, cpu, counts } = await passProcess(corner, { range });
    const { seen = 0, matched = 0, tagged = 0 } = counts;
    what = `first pass over ${seen} events, ${matched} matching, ${tagged} tagged`;
    shares.push(cpu / seconds);
    return 1000 * seconds;
  });
  const share = Math.round(100 * median(shares));
  const against = `against bare creates and updates (worker: ${share} % of a core, its start included)`;
  report(`${what}, ${against}`, sides, inSeconds);
}

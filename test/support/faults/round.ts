/** How much of a fault test is run, and the seed that decides what happens in it. */
import { createRandom, type Random, seedOf } from '../sample/prng.ts';

/** MINECANARY_FAULTS=long: the round that takes its time. */
export const IS_LONG = process.env.MINECANARY_FAULTS === 'long';

/** MINECANARY_FAULTS_SEED repeats the faults of another run. */
const SEED = Number(process.env.MINECANARY_FAULTS_SEED ?? 20_261_124);

/** One number in the short round, another in the long one. */
export function inRound(short: number, long: number): number {
  return IS_LONG ? long : short;
}

/** The random choices of one test: the same in each run with the same seed. */
export function randomOf(test: string): Random {
  return createRandom(seedOf(SEED, test));
}

/** Prints a figure of the run, for docs/RELIABILITY.md. */
export function tell(figure: string): void {
  process.stderr.write(`faults (${IS_LONG ? 'long' : 'short'} round, seed ${SEED}): ${figure}\n`);
}

/** Counts by name, the most frequent first: `delay 3, reset 1`. */
export function listed(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return sorted.map(([name, count]) => `${name} ${count}`).join(', ');
}

import { createMatcher } from '../../src/matcher/match.ts';
import { sampleEvents } from '../support/sample/index.ts';
import { MINING, tablesOf } from '../support/tables.ts';
import { alternate, report, timed } from './rounds.ts';

const ROUNDS = 15;
const REPEATS = 5;

/** Names of pools that nobody runs, each under a registered domain of its own. */
function domains(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `pool${i}.mine${(i * 7919) % count}-example.com`);
}

/** The matcher alone against JSON.parse of the same lines. */
export async function benchMatcher(): Promise<void> {
  const events = [...sampleEvents({ seed: 7, end: new Date('2026-11-24T00:00:00Z') })].map(({ document }) => document);
  const lines = events.map((event) => JSON.stringify(event));
  for (const count of [10_000, 1_000_000]) {
    const matcher = createMatcher(tablesOf({ ...MINING, domain: domains(count) }));
    let matched = 0;
    const sides = await alternate(
      ROUNDS,
      () =>
        timed(() => {
          for (let i = 0; i < REPEATS; i += 1) {
            for (const event of events) if (matcher.match(event) !== undefined) matched += 1;
          }
        }),
      () =>
        timed(() => {
          for (let i = 0; i < REPEATS; i += 1) for (const line of lines) JSON.parse(line);
        }),
    );
    const share = (matched / ((ROUNDS + 1) * REPEATS * events.length)) * 100;
    const documents = REPEATS * events.length;
    report(
      `match, ${count.toLocaleString('en')} domains, ${share.toFixed(1)} % match, against JSON.parse`,
      sides,
      (ms) => `${((ms / documents) * 1000).toFixed(2)} µs`,
    );
  }
}

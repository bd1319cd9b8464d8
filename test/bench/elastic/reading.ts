import { createMatcher } from '../../../src/matcher/match.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { openElasticsearchSource } from '../../../src/sources/elasticsearch.ts';
import type { TimeRange } from '../../../src/sources/source.ts';
import { tablesOf } from '../../support/tables.ts';
import type { Corner } from '../../support/worker.ts';
import { CORPUS_ROWS } from '../corpus-values.ts';
import { replay, watchReads } from '../replay.ts';
import { alternate, median, report, timedAsync } from '../rounds.ts';

const TABLES = tablesOf(CORPUS_ROWS);

/** Opens the source, reads a day and matches it; nothing is written. Returns how many match. */
export async function readDay({ client, name }: Corner, range: TimeRange, plan: 'auto' | 'full'): Promise<number> {
  const policy = DEFAULT_POLICY;
  const source = await openElasticsearchSource({ client, name, index: [`${name}-*`], policy, tables: TABLES });
  const matcher = createMatcher(TABLES, policy);
  let matched = 0;
  for await (const page of source.read({ by: 'timestamp', range }, { plan }))
    for (const { event, time } of page) if (matcher.match(event, time) !== undefined) matched += 1;
  return matched;
}

/** A day's reading against the full scan, and against its own requests sent again one after the other. */
export async function benchReading(corner: Corner, range: TimeRange, what: string, rounds: number): Promise<void> {
  const expected = await readDay(corner, range, 'auto');
  const reads = await watchReads(corner.client, () => readDay(corner, range, 'auto'));
  const bare = await alternate(
    rounds,
    () => timedAsync(() => readDay(corner, range, 'auto')),
    () => timedAsync(() => replay(corner.client, reads)),
  );
  report(`${what}, ${expected} matching: reading, against bare`, bare, (ms) => `${Math.round(ms)} ms`);
  const times: [number, number][] = [];
  for (let round = 0; round < (rounds > 3 ? 3 : 1); round += 1) {
    const ours = await timedAsync(() => readDay(corner, range, 'auto'));
    let full = 0;
    const theirs = await timedAsync(async () => void (full = await readDay(corner, range, 'full')));
    if (full !== expected) throw new Error(`The full scan finds ${full}, the pass ${expected}`);
    times.push([ours, theirs]);
  }
  report(
    `${what}: reading, against the full scan`,
    {
      ours: median(times.map(([ours]) => ours)),
      theirs: median(times.map(([, theirs]) => theirs)),
      ratio: median(times.map(([ours, theirs]) => ours / theirs)),
    },
    (ms) => `${Math.round(ms)} ms`,
  );
}

import { createMatcher } from '../../../src/matcher/match.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { openElasticsearchSource } from '../../../src/sources/elasticsearch.ts';
import type { TimeRange } from '../../../src/sources/source.ts';
import { tablesOf } from '../../support/tables.ts';
import type { Corner } from '../../support/worker.ts';
import { CORPUS_ROWS } from '../corpus-values.ts';
import { replay, watchReads } from '../replay.ts';
import { alternate, report, timedAsync } from '../rounds.ts';

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

/** Milliseconds of work that begins without anything that Elasticsearch remembers of requests before. */
async function timedAnew({ client, name }: Corner, work: () => Promise<unknown>): Promise<number> {
  await client.indices.clearCache({ index: `${name}-*` });
  return timedAsync(work);
}

function inMilliseconds(value: number): string {
  return `${Math.round(value)} ms`;
}

/** A day's reading against its own requests sent again one after the other, and against the full scan. */
export async function benchReading(corner: Corner, range: TimeRange, what: string, rounds: number): Promise<void> {
  const expected = await readDay(corner, range, 'auto');
  const reads = await watchReads(corner.client, () => readDay(corner, range, 'auto'));
  const read = (plan: 'auto' | 'full') => (): Promise<number> =>
    timedAnew(corner, async () => {
      const found = await readDay(corner, range, plan);
      if (found !== expected) throw new Error(`${plan}: ${found} found, not ${expected}`);
    });
  const bare = await alternate(rounds, read('auto'), () => timedAnew(corner, () => replay(corner.client, reads)));
  report(`${what}, ${expected} matching: reading, against bare`, bare, inMilliseconds);
  const [ours, theirs] = [await read('auto')(), await read('full')()];
  report(`${what}: reading, against the full scan`, { ours, theirs, ratio: ours / theirs }, inMilliseconds);
}

import { VERSION } from '../../../src/config/version.ts';
import { createMatcher } from '../../../src/matcher/match.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import type { Matched } from '../../../src/sinks/matched.ts';
import { writeMatches } from '../../../src/sinks/matches.ts';
import { createPlainIndices } from '../../../src/sinks/plain-index.ts';
import { writeTags } from '../../../src/sinks/tags.ts';
import { openElasticsearchSource } from '../../../src/sources/elasticsearch.ts';
import type { TimeRange } from '../../../src/sources/source.ts';
import { matchAll } from '../../../src/worker/batch.ts';
import { tablesOf } from '../../support/tables.ts';
import type { Corner } from '../../support/worker.ts';
import { CORPUS_ROWS } from '../corpus-values.ts';
import { report, timedAsync } from '../rounds.ts';
import { againstBareWrites, inSeconds, type Lend } from './writes.ts';

const TABLES = tablesOf(CORPUS_ROWS);
/** As the worker writes. */
const BATCH = 2000;

/** Match documents and tags of events that were read and matched before, against the bare writes of the same. */
export async function benchWriting(lend: Lend, range: TimeRange, rounds: number): Promise<void> {
  let what = '';
  const sides = await againstBareWrites(lend, rounds, async (corner) => {
    const matched = await readMatched(corner, range);
    what = `match documents and tags of ${matched.length} events`;
    return timedAsync(() => write(corner, matched));
  });
  report(`${what}, against bare creates and updates`, sides, inSeconds);
}

async function readMatched({ client, name }: Corner, range: TimeRange): Promise<Matched[]> {
  const policy = { ...DEFAULT_POLICY, scope: name };
  const source = await openElasticsearchSource({ client, name, index: [`${name}-*`], policy, tables: TABLES });
  const matcher = createMatcher(TABLES, policy);
  const matched: Matched[] = [];
  for await (const page of source.read({ by: 'timestamp', range })) matched.push(...matchAll(matcher, page).matched);
  return matched;
}

async function write(corner: Corner, matched: readonly Matched[]): Promise<void> {
  const { client, name } = corner;
  const lifetime = { now: Date.now(), retention: corner.config().retention };
  const context = { version: VERSION, lookups: TABLES.digest, source: name, lifetime, clock: Date.now };
  const indices = createPlainIndices(client);
  for (let start = 0; start < matched.length; start += BATCH) {
    const batch = matched.slice(start, start + BATCH);
    const { written, failures } = await writeMatches(client, indices, batch, context);
    const { tagged } = await writeTags(client, batch, context);
    if (failures.length > 0 || written !== batch.length || tagged !== batch.length)
      throw new Error(`Of ${batch.length} ${written} were written and ${tagged} tagged`);
  }
}

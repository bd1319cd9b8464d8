import { UNITS } from '../../../src/elastic/names.ts';
import { isoTime } from '../../../src/model/time.ts';
import { tablesOf } from '../../support/tables.ts';
import type { Corner } from '../../support/worker.ts';
import { corpusEvents } from '../corpus.ts';
import { CORPUS_ROWS } from '../corpus-values.ts';
import { replay, watchReads } from '../replay.ts';
import { median, report, sidesOf, timedAsync } from '../rounds.ts';
import { putEvents } from './load.ts';

const TABLES = tablesOf(CORPUS_ROWS);
const MATCHING = 20;
const MINUTE_MS = 60_000;

/**
 * Incremental passes over what arrived in the last minutes, all writes in, against their bare reading queries; the
 * indices hold a day of events beside.
 */
export async function benchIncrements(corner: Corner, perDay: number, minutes: number, rounds: number): Promise<void> {
  const config = { lag: '0s', sweep: '365d' };
  // The sweep that the first run makes, and what it writes, are not of interest.
  await corner.run({ config: { ...config, horizon: '1s' }, tables: TABLES });
  const times: [number, number][] = [];
  let matched = 0;
  let seen = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const now = Date.now();
    const from = now - minutes * MINUTE_MS;
    const events = Math.round((perDay * minutes) / 1440);
    const base = { matching: MATCHING, registered: true, urls: false };
    await putEvents(corner, corpusEvents({ seed: 1000 * minutes + round, events, from, to: now, ...base }));
    await corner.client.indices.refresh({ index: `${corner.name}-*` });
    await setCheckpoint(corner, from);
    let ours = 0;
    const reads = await watchReads(corner.client, async () => {
      ours = await timedAsync(async () => {
        const outcome = await corner.run({ config, tables: TABLES });
        ({ matched, seen } = outcome);
      });
    });
    await corner.client.indices.clearCache({ index: `${corner.name}-*` });
    const theirs = await timedAsync(() => replay(corner.client, reads));
    if (round > 0) times.push([ours, theirs]);
    await removeEvents(corner, from);
  }
  const above = median(times.map(([ours, theirs]) => ours - theirs));
  const what = `incremental pass over ${minutes} min, ${seen} events, ${matched} matching, all writes,`;
  report(
    `${what} against its bare reads (${Math.round(above)} ms above)`,
    sidesOf(times),
    (ms) => `${Math.round(ms)} ms`,
  );
}

async function setCheckpoint({ client, name }: Corner, time: number): Promise<void> {
  await client.update({
    index: UNITS,
    id: `incremental:${name}`,
    doc: { checkpoint: isoTime(time) },
    doc_as_upsert: false,
  });
}

async function removeEvents({ client, name }: Corner, from: number): Promise<void> {
  const query = { range: { 'event.ingested': { gte: from, format: 'epoch_millis' } } };
  await client.indices.refresh({ index: `${name}-*` });
  const { hits } = await client.search({ index: `${name}-*`, query, size: 10_000, _source: false });
  const rest = hits.hits.map(({ _index, _id }) => ({ delete: { _index, _id: _id ?? '' } }));
  if (rest.length === 0) return;
  await client.bulk({ operations: rest, refresh: true });
  if (rest.length === 10_000) await removeEvents({ client, name } as Corner, from);
}

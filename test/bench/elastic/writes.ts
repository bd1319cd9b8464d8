import { MATCHES } from '../../../src/elastic/names.ts';
import { searchPages } from '../../../src/elastic/search-pages.ts';
import type { Corner } from '../../support/worker.ts';
import { type Sides, sidesOf, timedAsync } from '../rounds.ts';

type Json = Record<string, unknown>;

const BULK = 1000;

/** What a pass wrote, to be written again without anything beside. */
interface Written {
  /** Match documents. */
  readonly documents: readonly object[];
  /** Source and id of an event -> what the tag added. */
  readonly tags: ReadonlyMap<string, object>;
}

/** Gives a corner with the same events anew each time, and takes it away. */
export type Lend = (work: (corner: Corner) => Promise<void>) => Promise<void>;

/**
 * Writes of the product, against bare creates of the same match documents and bare updates with `if_seq_no` of the same
 * events, one request after the other.
 *
 * @param write writes into a corner, and tells in how many milliseconds.
 */
export async function againstBareWrites(
  lend: Lend,
  rounds: number,
  write: (corner: Corner) => Promise<number>,
): Promise<Sides> {
  const times: [number, number][] = [];
  for (let round = 0; round < rounds; round += 1) {
    let [ours, theirs] = [0, 0];
    let written: Written | undefined;
    await lend(async (corner) => {
      ours = await write(corner);
      written = await readWritten(corner);
    });
    await lend(async (corner) => {
      if (written !== undefined) theirs = await bareWrites(corner, written);
    });
    times.push([ours, theirs]);
  }
  return sidesOf(times);
}

async function readWritten({ client, name }: Corner): Promise<Written> {
  const documents: object[] = [];
  const tags = new Map<string, object>();
  await client.indices.refresh({ index: `${MATCHES}-*,${name}-*` });
  const own = { term: { 'minecanary.scope': name } };
  for await (const page of searchPages<Json>(client, { index: `${MATCHES}-*`, query: own }))
    for (const { _source } of page) if (_source !== undefined) documents.push(_source);
  const tagged = { exists: { field: 'minecanary.score' } };
  for await (const page of searchPages<Json>(client, { index: `${name}-*`, query: tagged })) {
    for (const { _index, _id, _source } of page) {
      const { tags: words, threat, minecanary } = _source ?? {};
      tags.set(`${_index.slice(name.length)}/${_id}`, { tags: words, threat, minecanary });
    }
  }
  return { documents, tags };
}

/** Milliseconds of the writes alone, one request after the other; where the events lie is read before. */
async function bareWrites({ client, name }: Corner, { documents, tags }: Written): Promise<number> {
  const index = `${name}-bare`;
  const [own] = Object.values(await client.indices.getMapping({ index: `${MATCHES}-*` }));
  await client.indices.create({
    index,
    settings: { number_of_shards: 1, number_of_replicas: 0 },
    ...(own === undefined ? {} : { mappings: own.mappings }),
  });
  const updates: object[][] = [];
  const everything = { index: `${name}-*`, query: { match_all: {} }, _source: false, seq_no_primary_term: true };
  for await (const page of searchPages(client, everything)) {
    for (const { _index, _id, _seq_no: seqNo, _primary_term: term } of page) {
      const doc = tags.get(`${_index.slice(name.length)}/${_id}`);
      if (doc !== undefined)
        updates.push([{ update: { _index, _id, if_seq_no: seqNo, if_primary_term: term } }, { doc }]);
    }
  }
  if (updates.length !== tags.size) throw new Error(`${updates.length} of ${tags.size} events are there`);
  const creates = documents.map((document, i) => [{ create: { _index: index, _id: `${i}` } }, document]);
  return timedAsync(async () => {
    for (const writes of [creates, updates]) {
      for (let start = 0; start < writes.length; start += BULK) {
        const { errors, items } = await client.bulk({ operations: writes.slice(start, start + BULK).flat() });
        if (errors) throw new Error(JSON.stringify(items.slice(0, 1)));
      }
    }
  });
}

export function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

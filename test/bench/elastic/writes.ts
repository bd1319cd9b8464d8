import { MATCHES } from '../../../src/elastic/names.ts';
import { searchPages } from '../../../src/elastic/search-pages.ts';
import type { Corner } from '../../support/worker.ts';
import { timedAsync } from '../rounds.ts';

type Json = Record<string, unknown>;

const BULK = 1000;

/** What a pass wrote, to be written again without anything beside. */
export interface Written {
  /** Match documents. */
  readonly documents: readonly object[];
  /** Source and id of an event -> what the tag added. */
  readonly tags: ReadonlyMap<string, object>;
}

export async function readWritten({ client, name }: Corner): Promise<Written> {
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
export async function bareWrites({ client, name }: Corner, { documents, tags }: Written): Promise<number> {
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

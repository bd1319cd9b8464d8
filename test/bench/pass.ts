import type { estypes } from '@elastic/elasticsearch';
import { isoTime } from '../../src/model/time.ts';
import { sampleEvents } from '../support/sample/index.ts';
import { type Corner, openCorner } from '../support/worker.ts';
import { replay, watchReads } from './replay.ts';
import { alternate, report, timedAsync } from './rounds.ts';

const ROUNDS = 5;
const PER_SOURCE = 22_300;
const BULK = 2000;

/** Strings as keywords and addresses as such, as integrations map them; the message as text, the raw event not at all. */
const MAPPINGS: estypes.MappingTypeMapping = {
  dynamic_templates: [
    { addresses: { path_match: ['*.ip', '*_ip'], mapping: { type: 'ip', ignore_malformed: true } } },
    { raw: { path_match: ['event.original'], mapping: { type: 'keyword', index: false, doc_values: false } } },
    { texts: { path_match: ['message'], mapping: { type: 'text' } } },
    { strings: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 1024 } } },
  ],
};

/**
 * A pass over 200,000 events (0.1 % matching) with all its writes, against what it can't do without: its own read
 * requests sent again, and the same number of bare creates and bare updates with `if_seq_no`.
 */
export async function benchPass(): Promise<void> {
  const corner = await openCorner();
  try {
    const count = await load(corner);
    const day = 86_400_000;
    const now = Date.now();
    const range = [isoTime(now - 2 * day), isoTime(now + day)] as const;
    const config = { internal_networks: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '203.0.113.0/24'] };

    const reads = await watchReads(corner.client, () => corner.run({ range, config }));
    const tagged = await findTagged(corner);
    const originals = new Map(tagged.map(({ _index, _id, _source }) => [`${_index}/${_id}`, untag(_source ?? {})]));
    const documents = (await corner.matches()).map(({ source }) => ({ ...source }));

    const sides = await alternate(
      ROUNDS,
      async () => {
        await reset(corner, originals);
        return timedAsync(() => corner.run({ range, config }));
      },
      async () => {
        await reset(corner, originals);
        const places = await findPlaces(corner, originals);
        return timedAsync(async () => {
          await replay(corner.client, reads);
          await bareWrites(corner, documents, places);
        });
      },
    );
    const what = `pass over ${count.toLocaleString('en')} events, ${tagged.length} matching, all writes,`;
    report(`${what} against bare`, sides, (ms) => `${Math.round(ms)} ms`);
  } finally {
    await corner.close();
  }
}

async function load(corner: Corner): Promise<number> {
  const { client, name } = corner;
  const made = new Set<string>();
  let count = 0;
  let operations: unknown[] = [];
  const send = async (): Promise<void> => {
    const { errors, items } = await client.bulk({ operations: operations });
    if (errors) throw new Error(JSON.stringify(items.find((item) => item.create?.error !== undefined)));
    operations = [];
  };
  for (const event of sampleEvents({ seed: 5, end: new Date(), perSource: PER_SOURCE, miningShare: 0.001 })) {
    const suffix = `-${event.source.replaceAll('_', '-')}`;
    if (!made.has(suffix)) await corner.index(suffix, { mappings: MAPPINGS });
    made.add(suffix);
    operations.push({ create: { _index: `${name}${suffix}`, _id: event.id } }, event.document);
    count += 1;
    if (operations.length >= 2 * BULK) await send();
  }
  if (operations.length > 0) await send();
  await client.indices.refresh({ index: `${name}*` });
  await client.indices.forcemerge({ index: `${name}*`, max_num_segments: 1 });
  return count;
}

function untag(source: Record<string, unknown>): Record<string, unknown> {
  const { minecanary: _, threat: __, tags, ...rest } = source;
  const kept = [tags].flat().filter((tag) => tag !== undefined && tag !== 'T1496' && tag !== 'cryptomining');
  return kept.length === 0 ? rest : { ...rest, tags: kept };
}

type Found = estypes.SearchHit<Record<string, unknown>>;

async function findTagged({ client, name }: Corner): Promise<Found[]> {
  await client.indices.refresh({ index: `${name}*` });
  const query = { exists: { field: 'minecanary.score' } };
  return (await client.search<Record<string, unknown>>({ index: `${name}*`, query, size: 10_000 })).hits.hits;
}

async function findPlaces({ client, name }: Corner, originals: ReadonlyMap<string, object>): Promise<Found[]> {
  const ids = { values: [...originals.keys()].map((key) => key.slice(key.indexOf('/') + 1)) };
  const request = { index: `${name}*`, query: { ids }, size: 10_000, seq_no_primary_term: true };
  return (await client.search<Record<string, unknown>>(request)).hits.hits;
}

/** Takes back what a pass wrote: the tags, match documents, incidents, alerts and units. */
async function reset(corner: Corner, originals: ReadonlyMap<string, object>): Promise<void> {
  const own = (await Promise.all([corner.matches(), corner.incidents(), corner.alerts(), corner.units()])).flat();
  const operations = own.flatMap(({ index, id }): object[] => [{ delete: { _index: index, _id: id } }]);
  for (const [key, original] of originals) {
    const slash = key.indexOf('/');
    operations.push({ index: { _index: key.slice(0, slash), _id: key.slice(slash + 1) } }, original);
  }
  await corner.client.bulk({ refresh: true, operations });
}

async function bareWrites(corner: Corner, documents: readonly object[], places: readonly Found[]): Promise<void> {
  const { client, name } = corner;
  const index = `${name}-bare`;
  await client.bulk({
    index,
    operations: documents.flatMap((document, i) => [{ create: { _id: `${Date.now()}-${i}` } }, document]),
  });
  await client.bulk({
    operations: places.flatMap(({ _index, _id, _seq_no: seqNo, _primary_term: term }) => [
      { update: { _index, _id, if_seq_no: seqNo, if_primary_term: term } },
      { doc: { tags: ['T1496', 'cryptomining'], minecanary: { score: 73 } } },
    ]) as never,
  });
}

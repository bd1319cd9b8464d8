/**
 * What hunts mean, asked of planted events in Query DSL: the test server lacks ES|QL. The aggregation has the shape of the
 * hunt, and gives the rows that the hunt describes.
 */
import type { estypes } from '@elastic/elasticsearch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BEACON, INSIDE } from '../../src/convert/esql/beacons.ts';
import { likeGlob } from '../../src/convert/esql/text.ts';
import { planLookupIndices } from '../../src/setup/lookup-indices.ts';
import { isLongLived, isPeriodic, type PairStats, pairsOf, statsOf } from '../support/beacons.ts';
import { cleanUp, randomPrefix, testClient } from '../support/elasticsearch.ts';
import { HOSTILE_GLOBS } from '../support/hostile.ts';
import { lookupOf, MINING, TODAY } from '../support/tables.ts';

const client = testClient();
const prefix = randomPrefix('meaning-');
const MINUTE = 60_000;
const START = Date.parse('2026-11-20T00:00:00Z');

interface Flow {
  readonly client: string;
  readonly server: string;
  readonly port: number | number[];
  readonly clientPort?: number;
  readonly minute?: number;
  readonly bytes?: number;
  /** Minutes. */
  readonly duration?: number;
}

function eventOf({ client: from, server, port, clientPort = 50_000, minute = 0, bytes, duration }: Flow) {
  return {
    '@timestamp': new Date(START + minute * MINUTE).toISOString(),
    source: { ip: from, port: clientPort },
    destination: { ip: server, port },
    ...(bytes === undefined ? {} : { network: { bytes } }),
    ...(duration === undefined ? {} : { event: { duration: duration * MINUTE * 1e6 } }),
  };
}

const endpoint = { properties: { ip: { type: 'ip' }, port: { type: 'long' } } } as const;
const MAPPINGS: estypes.MappingTypeMapping = {
  properties: {
    '@timestamp': { type: 'date' },
    source: endpoint,
    destination: endpoint,
    network: { properties: { bytes: { type: 'long' } } },
    event: { properties: { duration: { type: 'long' } } },
    text: { type: 'keyword' },
  },
};

async function plant(name: string, documents: readonly object[]): Promise<string> {
  const index = `${prefix}-${name}`;
  await client.indices.create({ index, mappings: MAPPINGS });
  const operations = documents.flatMap((document) => [{ index: {} }, document]);
  await client.bulk({ index, operations, refresh: true });
  return index;
}

afterAll(async () => {
  await cleanUp(client, prefix);
  await client.close();
});

describe('ports by side', () => {
  let events = '';
  let ports: number[] = [];

  beforeAll(async () => {
    const lookup = lookupOf('port', MINING.port ?? [], { name: `${prefix}-ports` });
    for (const { apply } of await planLookupIndices(client, [lookup], TODAY, [])) await apply();
    const joined = await client.search<{ indicator: { port: number } }>({ index: lookup.name, size: 100 });
    ports = joined.hits.hits.map(({ _source }) => _source?.indicator.port ?? 0);
    const server = '198.51.100.7';
    events = await plant(
      'flows',
      [
        { client: '10.0.0.1', server, port: 3333 },
        { client: '10.0.0.1', server, port: 3333, minute: 7 },
        { client: '10.0.0.2', server, port: 443, clientPort: 4444 },
        { client: '10.0.0.3', server, port: [8888, 443] },
        { client: '10.0.0.4', server, port: 33_333 },
      ].map(eventOf),
    );
  });

  /** `BY source.ip, destination.ip, port`, of rows whose port the lookup's index holds. */
  async function rows(field: string): Promise<unknown[]> {
    const sources = ['source.ip', 'destination.ip', field].map((name) => ({ [name]: { terms: { field: name } } }));
    const { aggregations } = await client.search({
      index: events,
      size: 0,
      query: { terms: { [field]: ports } },
      aggs: {
        by: {
          composite: { sources, size: 100 },
          aggs: { earliest: { min: { field: '@timestamp' } }, latest: { max: { field: '@timestamp' } } },
        },
      },
    });
    const { buckets } = (aggregations ?? {})['by'] as {
      buckets: { key: Record<string, unknown>; doc_count: number }[];
    };
    const listed = buckets.filter(({ key }) => ports.includes(Number(key[field])));
    return listed.map(({ key, doc_count: count }) => [...Object.values(key), count]);
  }

  test('server side', async () => {
    expect(await rows('destination.port')).toEqual([
      ['10.0.0.1', '198.51.100.7', 3333, 2],
      ['10.0.0.3', '198.51.100.7', 8888, 1],
    ]);
  });

  test('client side', async () => {
    expect(await rows('source.port')).toEqual([['10.0.0.2', '198.51.100.7', 4444, 1]]);
  });
});

test('patterns of LIKE are those of wildcard queries: each hostile text finds itself and no other', async () => {
  const texts = HOSTILE_GLOBS.map((glob) => glob.toLowerCase().replaceAll('*', ' and '));
  const index = await plant('texts', [...texts.map((text) => ({ text })), { text: 'nothing of that' }]);
  for (const [i, glob] of HOSTILE_GLOBS.entries()) {
    const value = likeGlob(glob, 'whole');
    const { hits } = await client.search<{ text: string }>({ index, query: { wildcard: { text: { value } } } });
    expect(hits.hits.map(({ _source }) => _source?.text)).toEqual([texts[i]]);
  }
});

describe('beacons', () => {
  const FLOWS: Readonly<Record<string, readonly Flow[]>> = {
    'a miner that stays connected': [
      { client: '10.0.0.1', server: '198.51.100.1', port: 3333, duration: 300, bytes: 900_000 },
    ],
    'a miner that comes back': Array.from({ length: 24 }, (_, i) => ({
      client: '10.0.0.2',
      server: '198.51.100.2',
      port: 443,
      minute: 10 * i + (i % 3),
      bytes: 1500 + 100 * (i % 4),
    })),
    'a long download': [{ client: '10.0.0.3', server: '198.51.100.3', port: 443, duration: 90, bytes: 9e9 }],
    'a person who reads': Array.from({ length: 24 }, (_, i) => ({
      client: '10.0.0.4',
      server: '198.51.100.4',
      port: 443,
      minute: i % 12,
      bytes: 1000 + i ** 3,
    })),
    'few calls in a day': Array.from({ length: 12 }, (_, i) => ({
      client: '10.0.0.5',
      server: '198.51.100.5',
      port: 443,
      minute: 60 * i,
      bytes: 1000,
    })),
    'a resolver': Array.from({ length: 24 }, (_, i) => ({
      client: '10.0.0.6',
      server: '198.51.100.6',
      port: 53,
      minute: 10 * i,
      bytes: 100,
    })),
    'a neighbour': [{ client: '10.0.0.7', server: '10.0.0.8', port: 3333, duration: 300, bytes: 900_000 }],
  };
  const events = Object.values(FLOWS).flat().map(eventOf);

  test('of planted flows are those of miners, by the aggregation and in memory alike', async () => {
    const stats = await aggregated(await plant('pairs', events));
    const inMemory = new Map([...pairsOf(events)].map(([pair, some]) => [pair, statsOf(some)]));
    expect(stats).toEqual(inMemory);
    const listed = (is: (one: PairStats) => boolean) => [...stats].filter(([, one]) => is(one)).map(([pair]) => pair);
    expect(listed((one) => isLongLived(one))).toEqual(['10.0.0.1 198.51.100.1 3333']);
    expect(listed(isPeriodic)).toEqual(['10.0.0.2 198.51.100.2 443']);
  });
});

interface Bucket {
  readonly key: Readonly<Record<string, unknown>>;
  readonly doc_count: number;
  readonly earliest: { readonly value: number };
  readonly latest: { readonly value: number };
  readonly longest: { readonly value: number | null };
  readonly lived: { readonly value: number };
  readonly bytes: { readonly sum: number; readonly avg: number | null; readonly std_deviation: number | null };
  readonly slots: { readonly buckets: readonly { readonly doc_count: number }[] };
}

/** The STATS of the hunt as an aggregation. */
async function aggregated(index: string): Promise<Map<string, PairStats>> {
  const inside = INSIDE.map((range) => ({ term: { 'destination.ip': range } }));
  const sources = ['source.ip', 'destination.ip', 'destination.port'].map((field) => ({
    [field]: { terms: { field } },
  }));
  const { aggregations } = await client.search({
    index,
    size: 0,
    query: { bool: { must_not: [...inside, { terms: { 'destination.port': [...BEACON.ports] } }] } },
    aggs: {
      pairs: {
        composite: { sources, size: 100 },
        aggs: {
          earliest: { min: { field: '@timestamp' } },
          latest: { max: { field: '@timestamp' } },
          longest: { max: { field: 'event.duration' } },
          lived: { sum: { field: 'event.duration' } },
          bytes: { extended_stats: { field: 'network.bytes' } },
          slots: {
            date_histogram: { field: '@timestamp', fixed_interval: `${BEACON.slotMinutes}m`, min_doc_count: 1 },
          },
        },
      },
    },
  });
  const { buckets } = (aggregations ?? {})['pairs'] as unknown as { buckets: Bucket[] };
  return new Map(
    buckets.map(({ key, doc_count: count, earliest, latest, longest, lived, bytes, slots }) => [
      Object.values(key).join(' '),
      {
        events: count,
        earliest: earliest.value,
        latest: latest.value,
        slots: slots.buckets.length,
        longest: longest.value ?? undefined,
        lived: lived.value,
        total: bytes.sum,
        mean: bytes.avg ?? undefined,
        deviation: bytes.std_deviation ?? undefined,
      },
    ]),
  );
}

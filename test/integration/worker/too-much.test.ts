/** What is too much for the server at once is asked for in smaller parts, and nothing is left out or told twice. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '../../../src/elastic/client.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { openElasticsearchSource } from '../../../src/sources/elasticsearch.ts';
import type { ReadOptions, TimeRange, Window } from '../../../src/sources/source.ts';
import { elasticsearchUrl } from '../../support/elasticsearch.ts';
import { OVERLOAD, type Refused, type Rules, startProxy } from '../../support/proxy.ts';
import { tablesOf } from '../../support/tables.ts';
import { type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const FROM = Date.parse(daysAgo(40));
const HOUR = 3_600_000;
const RANGE: TimeRange = { from: FROM, to: FROM + 8 * HOUR };
const EVENTS = 900;
const BREAKER: Refused = { status: 429, type: 'circuit_breaking_exception', reason: '[parent] Data too large' };
const BUCKETS: Refused = { status: 503, type: 'too_many_buckets_exception', reason: 'too many buckets' };

let corner: Corner;
let mining: string[];
beforeAll(async () => {
  corner = await openCorner();
  const keyword = { type: 'keyword' } as const;
  const index = await corner.index('-a', {
    mappings: {
      properties: {
        '@timestamp': { type: 'date' },
        dns: { properties: { question: { properties: { name: keyword } } } },
        url: { properties: { domain: keyword } },
      },
    },
  });
  const step = (8 * HOUR) / EVENTS;
  const documents = Array.from({ length: EVENTS }, (_, i) => {
    const time = new Date(FROM + Math.floor(i * step)).toISOString();
    const name = i % 3 === 0 ? `h${i}.minexmr.com` : `h${i}.example.org`;
    return [
      `e${i}`,
      { '@timestamp': time, ...(i % 2 === 0 ? { dns: { question: { name } } } : { url: { domain: name } }) },
    ];
  });
  await corner.put(index, Object.fromEntries(documents) as Record<string, Record<string, unknown>>);
  mining = Array.from({ length: EVENTS / 3 }, (_, i) => `e${3 * i}`).toSorted();
});
afterAll(() => corner.close());

interface Asked {
  readonly query?: unknown;
  readonly pit?: unknown;
  readonly size?: number;
  readonly aggs?: object;
}

/** Reads a window through a proxy; tells the searches too. */
async function read(rules: Rules, window: Window, options: ReadOptions = {}) {
  const searches: Asked[] = [];
  const proxy = await startProxy(elasticsearchUrl(), {
    ...rules,
    request: (line, body) => {
      if (line.endsWith('/_search') && body !== '') searches.push(JSON.parse(body) as Asked);
      return rules.request?.(line, body);
    },
  });
  const client = connect({ node: [proxy.url] });
  try {
    const index = [`${corner.name}-a`];
    const policy = DEFAULT_POLICY;
    const own = { client, name: 'test', index, policy, tables: tablesOf(), smallWindow: 0 };
    const source = await openElasticsearchSource(own);
    const ids: string[] = [];
    for await (const page of source.read(window, options)) ids.push(...page.map(({ place }) => place.id));
    return { ids: ids.toSorted(), searches };
  } finally {
    await client.close();
    await proxy.close();
  }
}

const isSearch = (line: string): boolean => line.endsWith('/_search');

/** The length of the time range in a request, in hours; zero where it has none. */
function hoursIn(body: string): number {
  const [, from = '0', to = '0'] = /"gte":(\d+),"lt":(\d+)/.exec(body) ?? [];
  return (Number(to) - Number(from)) / HOUR;
}

const WINDOWS: readonly Window[] = [
  { by: 'timestamp', range: RANGE },
  { by: 'arrival', range: { from: FROM + HOUR, to: FROM + 8 * HOUR }, overlap: HOUR },
];

describe.each(WINDOWS)('by $by', (window) => {
  test('a window whose values are too much is halved until they are not', async () => {
    const { ids, searches } = await read(
      {
        request: (line, body) =>
          isSearch(line) && body.includes('composite') && hoursIn(body) > 2.5 ? BREAKER : undefined,
      },
      window,
    );
    expect(ids).toEqual(mining);
    expect(searches.filter(({ pit }) => pit !== undefined).length).toBeGreaterThan(3);
  });

  test('a window of which the first page is too much however small is halved', async () => {
    const { ids } = await read(
      { request: (line, body) => (line === 'POST /_search' && hoursIn(body) > 5 ? BREAKER : undefined) },
      window,
    );
    expect(ids).toEqual(mining);
  }, 60_000);
});

test('a page that is too much is asked for again, smaller, and the rest too', async () => {
  let left = 2;
  const { ids, searches } = await read(
    { request: (line) => (line === 'POST /_search' && left-- > 0 ? OVERLOAD : undefined) },
    { by: 'timestamp', range: RANGE },
    { plan: 'full' },
  );
  expect(ids.length).toBe(EVENTS);
  expect(new Set(ids).size).toBe(EVENTS);
  const sizes = searches.flatMap(({ pit, size }) => (pit === undefined ? [] : [size]));
  expect(sizes.slice(0, 4)).toEqual([250, 125, 62, 62]);
});

test('a search that timed out does not count as read', async () => {
  let left = 3;
  const { ids } = await read(
    { answer: (line, told) => (line === 'POST /_search' && left-- > 0 ? { ...told, timed_out: true } : told) },
    { by: 'timestamp', range: RANGE },
  );
  expect(ids).toEqual(mining);
});

test('fewer buckets are asked for where a server gives fewer', async () => {
  const { ids, searches } = await read(
    {
      request: (line, body) => {
        const [, size = '0'] = /"composite":\{"size":(\d+)/.exec(body) ?? [];
        return isSearch(line) && Number(size) > 2000 ? BUCKETS : undefined;
      },
    },
    { by: 'timestamp', range: RANGE },
  );
  expect(ids).toEqual(mining);
  expect(searches.filter(({ pit }) => pit !== undefined).length).toBe(1 + 1);
});

test('what stays too much is an error that may pass, and no part of the window counts as the whole', async () => {
  const window: Window = { by: 'timestamp', range: { from: FROM, to: FROM + 2000 } };
  const reading = read({ request: (_, body) => (body.includes('composite') ? BREAKER : undefined) }, window);
  await expect(reading).rejects.toMatchObject({ code: 'source_failed', retryable: true });
});

test('an error that a smaller request does not escape ends the reading at once', async () => {
  const refused: Refused = { status: 400, type: 'parsing_exception', reason: 'no' };
  let asked = 0;
  const reading = read(
    {
      request: (_, body) => {
        if (!body.includes('composite')) return undefined;
        asked += 1;
        return refused;
      },
    },
    { by: 'timestamp', range: RANGE },
  );
  await expect(reading).rejects.toMatchObject({ retryable: false });
  expect(asked).toBe(1);
});

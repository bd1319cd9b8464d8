import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isoTime } from '../../../src/model/time.ts';
import { at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

const HOUR = 3_600_000;
const now = Date.now();
const MINING = { source: { ip: '10.6.6.6' }, destination: { ip: '51.15.58.224' } };

const DATES = { properties: { '@timestamp': { type: 'date' }, event: { properties: { ingested: { type: 'date' } } } } };
const LENIENT = {
  properties: {
    '@timestamp': { type: 'date', ignore_malformed: true },
    event: { properties: { ingested: { type: 'date', ignore_malformed: true } } },
  },
};
const NANOS = {
  properties: { '@timestamp': { type: 'date_nanos' }, event: { properties: { ingested: { type: 'date_nanos' } } } },
};
const UNMAPPED = { dynamic: false, properties: { '@timestamp': { type: 'date' } } };
const KEYWORD = {
  properties: { '@timestamp': { type: 'date' }, event: { properties: { ingested: { type: 'keyword' } } } },
};
const TEXT_TIME = { properties: { '@timestamp': { type: 'keyword' } } };

interface Late {
  readonly dates: object;
  /** The pass that finds it, where it comes after the first run. */
  readonly by: 'next pass' | 'sweep' | 'nobody';
  readonly day: string;
}

const today = (time: number) => isoTime(time).slice(0, 10);
const recent = isoTime(now - 60_000);
/** Stands for the time at which it is indexed, to the second or so. */
const ingested = '(now)';
const old = daysAgo(3);
const future = isoTime(now + 90 * 24 * HOUR);

/** Documents that come after the first run. */
const LATE: readonly (readonly [name: string, mappings: object, late: Late])[] = [
  [
    'of now, with arrival',
    DATES,
    { dates: { '@timestamp': recent, event: { ingested } }, by: 'next pass', day: today(now - 60_000) },
  ],
  ['of now, without arrival', DATES, { dates: { '@timestamp': recent }, by: 'next pass', day: today(now - 60_000) }],
  [
    'old, with arrival',
    DATES,
    { dates: { '@timestamp': old, event: { ingested } }, by: 'next pass', day: old.slice(0, 10) },
  ],
  [
    'very old, with arrival',
    DATES,
    { dates: { '@timestamp': daysAgo(100), event: { ingested } }, by: 'next pass', day: daysAgo(100).slice(0, 10) },
  ],
  ['old, without arrival', DATES, { dates: { '@timestamp': old }, by: 'sweep', day: old.slice(0, 10) }],
  ['older than the horizon, without arrival', DATES, { dates: { '@timestamp': daysAgo(30) }, by: 'nobody', day: '' }],
  [
    'with an arrival some days ago',
    DATES,
    { dates: { '@timestamp': old, event: { ingested: old } }, by: 'sweep', day: old.slice(0, 10) },
  ],
  ['in the future', DATES, { dates: { '@timestamp': future }, by: 'sweep', day: 'unknown' }],
  [
    'of now, with arrival in the future',
    DATES,
    { dates: { '@timestamp': recent, event: { ingested: future } }, by: 'sweep', day: today(now - 60_000) },
  ],
  [
    'in the future, with arrival',
    DATES,
    { dates: { '@timestamp': future, event: { ingested } }, by: 'next pass', day: 'unknown' },
  ],
  ['without any date', DATES, { dates: {}, by: 'sweep', day: 'unknown' }],
  ['without a timestamp, with arrival', DATES, { dates: { event: { ingested } }, by: 'next pass', day: today(now) }],
  [
    'with several timestamps',
    DATES,
    { dates: { '@timestamp': [recent, old] }, by: 'next pass', day: old.slice(0, 10) },
  ],
  ['of a malformed timestamp', LENIENT, { dates: { '@timestamp': 'yesterday' }, by: 'sweep', day: 'unknown' }],
  [
    'of a malformed timestamp, with arrival',
    LENIENT,
    { dates: { '@timestamp': 'yesterday', event: { ingested } }, by: 'next pass', day: today(now) },
  ],
  [
    'with a malformed arrival',
    LENIENT,
    { dates: { '@timestamp': recent, event: { ingested: 'just now' } }, by: 'next pass', day: today(now - 60_000) },
  ],
  [
    'in nanoseconds',
    NANOS,
    {
      dates: { '@timestamp': old, event: { ingested: '(now)' } },
      by: 'next pass',
      day: old.slice(0, 10),
    },
  ],
  [
    'old, with an arrival that is not mapped',
    UNMAPPED,
    { dates: { '@timestamp': old, event: { ingested } }, by: 'sweep', day: old.slice(0, 10) },
  ],
  [
    'old, with an arrival that is a keyword',
    KEYWORD,
    { dates: { '@timestamp': old, event: { ingested } }, by: 'sweep', day: old.slice(0, 10) },
  ],
  [
    'of now, with an arrival that is a keyword',
    KEYWORD,
    { dates: { '@timestamp': recent, event: { ingested } }, by: 'next pass', day: today(now - 60_000) },
  ],
  [
    'with a timestamp that is a keyword',
    TEXT_TIME,
    { dates: { '@timestamp': old }, by: 'sweep', day: old.slice(0, 10) },
  ],
];

function told(dates: object): object {
  return JSON.parse(JSON.stringify(dates).replaceAll('(now)', isoTime(Date.now()))) as object;
}

const idOf = (name: string): string => name.replaceAll(/[^a-z]+/g, '-');

const settings = (sweep: string) => ({ config: { sweep, overlap: '10m' } });

async function matchedIds(): Promise<string[]> {
  return (await corner.matches()).map(({ source }) => source.minecanary.event.id);
}

describe('a document that is indexed late', () => {
  const found: Record<'next pass' | 'sweep', string[]> = { 'next pass': [], sweep: [] };

  beforeAll(async () => {
    const groups = new Map<object, string>();
    for (const [i, mappings] of [...new Set(LATE.map(([, one]) => one))].entries()) {
      groups.set(mappings, await corner.index(`-${i}`, { mappings }));
    }
    const first = await corner.run(settings('30d'));
    expect(first).toMatchObject({ errors: [], seen: 0 });
    for (const [name, mappings, { dates }] of LATE) {
      await corner.put(groups.get(mappings) ?? '', { [idOf(name)]: { ...MINING, ...told(dates) } });
    }
    const next = await corner.run(settings('30d'));
    expect(next.errors).toEqual([]);
    found['next pass'] = await matchedIds();
    // By Elasticsearch's clock the last sweep is longer ago than a second.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const sweep = await corner.run(settings('1s'));
    expect(sweep.errors).toEqual([]);
    found.sweep = (await matchedIds()).filter((id) => !found['next pass'].includes(id));
  });

  test.each(LATE)('%s', async (name, _, { by, day }) => {
    const id = idOf(name);
    const finder = found['next pass'].includes(id) ? 'next pass' : found.sweep.includes(id) ? 'sweep' : 'nobody';
    expect(finder).toBe(by);
    if (by === 'nobody') return;
    const match = (await corner.matches()).find(({ source }) => source.minecanary.event.id === id);
    expect(match?.source.minecanary.day).toBe(day);
    expect(match?.index).toBe(
      day === 'unknown' ? 'minecanary-matches-undated' : `minecanary-matches-${day.slice(0, 7).replace('-', '.')}`,
    );
    expect(match?.source['@timestamp'] === undefined).toBe(day === 'unknown');
    const { source } = await corner.event(id);
    expect(at(source, 'minecanary.incident.id')).toBe(match?.source.minecanary.incident.id);
  });

  test('raises alerts on undated evidence in an index of its own', async () => {
    const undated = (await corner.alerts()).filter(({ source }) => at(source, 'minecanary.day') === 'unknown');
    expect(undated.map(({ index }) => index)).toEqual(['logs-minecanary.alert-undated']);
    const incident = (await corner.incidents()).find(({ source }) => at(source, 'minecanary.day') === 'unknown');
    expect(incident?.source['@timestamp']).toBeUndefined();
    expect(at(incident?.source, 'minecanary.reason')).toContain('without a date');
  });
});

test('a sweep does not pass over events that a scan has tagged under the same lookups', async () => {
  const index = await corner.index('-scanned', {
    mappings: {
      properties: { minecanary: { properties: { lookups: { type: 'keyword' }, stage: { type: 'keyword' } } } },
    },
  });
  const of = { source: { name: `${corner.name}-scanned`, index } };
  await corner.put(index, { probe: { '@timestamp': recent, ...MINING } });
  await corner.run(of);
  const { lookups } = (await corner.event('probe')).source['minecanary'] as { lookups: string };
  const scanned = { '@timestamp': old, ...MINING, minecanary: { lookups, stage: 'scan' } };
  await corner.put(index, { scanned });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const outcome = await corner.run({ ...of, config: { sweep: '1s' } });
  expect(outcome).toMatchObject({ errors: [], tagged: 1 });
  expect(at((await corner.event('scanned')).source, 'minecanary.stage')).toBe('worker');
});

test('--from/--to compare the stored timestamp and nothing else', async () => {
  const index = await corner.index('-range', { mappings: DATES as object });
  await corner.put(index, {
    first: { '@timestamp': '2026-09-01T00:00:00.000Z', ...MINING },
    last: { '@timestamp': '2026-09-01T23:59:59.999Z', event: { ingested: recent }, ...MINING },
    before: { '@timestamp': '2026-08-31T23:59:59.999Z', event: { ingested: '2026-09-01T12:00:00Z' }, ...MINING },
    after: { '@timestamp': '2026-09-02T00:00:00.000Z', ...MINING },
    never: { ...MINING },
  });
  const outcome = await corner.run({ source: { index }, range: ['2026-09-01', '2026-09-02'] });
  expect(outcome).toMatchObject({ errors: [], seen: 2, tagged: 2 });
  const tagged = (await corner.events()).filter(({ index: name, version }) => name === index && version > 1);
  expect(tagged.map(({ id }) => id)).toEqual(['first', 'last']);
});

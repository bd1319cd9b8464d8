import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LEARNED_ADDRESSES } from '../../../src/model/learned.ts';
import { sampleEvents } from '../../support/sample/index.ts';
import { MINING } from '../../support/tables.ts';
import { around, at, type Corner, daysAgo, openCorner, type RunSettings, type Stored } from '../../support/worker.ts';

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

const DAY = 40;
/** What the sample hides, by lookups of our own. */
const ROWS = { ...MINING, domain: ['minexmr.com', 'hashvault.pro', 'coinhive.com', 'moneroocean.stream'] };

/** Its name was not listed before, or an answer to it led there. */
function isNew(source: object): boolean {
  const news = [at(source, 'minecanary.indicator'), at(source, 'minecanary.lookup')].flat();
  return news.includes('nanopool.org') || news.includes(LEARNED_ADDRESSES);
}

function versions(some: readonly Stored<unknown>[]) {
  return some.map(({ index, id, version, seqNo }) => [index, id, version, seqNo]);
}

/** Everything that is written, with its version. */
async function written(): Promise<Record<string, readonly (readonly unknown[])[]>> {
  return {
    events: versions(await corner.events()),
    matches: versions(await corner.matches()),
    incidents: versions(await corner.incidents()),
    alerts: versions(await corner.alerts()),
  };
}

describe('a second pass changes no document', () => {
  beforeAll(async () => {
    const events = [...sampleEvents({ seed: 5, end: new Date(daysAgo(DAY)), perSource: 150, miningShare: 0.1 })];
    for (const [index, own] of Map.groupBy(events, (event) => `${corner.name}-${event.index}`)) {
      await corner.put(index, Object.fromEntries(own.map(({ id, document }) => [id, document])));
    }
    const first = await corner.run({ range: around(DAY), rows: ROWS });
    expect(first).toMatchObject({ errors: [], failed: 0, refused: 0 });
    expect(first.tagged).toBeGreaterThan(80);
    expect(first.incidents).toBeGreaterThan(4);
    expect(first.alerts).toBeGreaterThan(3);
  });

  const NEW = { ...ROWS, domain: [...ROWS.domain, 'nobody-asked-for-this.example'] };
  test.each<[string, RunSettings]>([
    ['under the same lookups', { rows: ROWS }],
    ['under other lookups that find nothing new', { rows: NEW }],
    ['when everything is read', { rows: ROWS, plan: 'full' }],
    ['by another worker, under a source of another name', { rows: ROWS, source: { name: 'another' } }],
  ])('%s', async (_, settings) => {
    const before = await written();
    const outcome = await corner.run({ ...settings, range: around(DAY) });
    expect(outcome).toMatchObject({ errors: [], tagged: 0, failed: 0, incidents: 0, alerts: 0 });
    expect(outcome.unchanged).toBe(outcome.matched);
    expect(outcome.matched).toBe(before['matches']?.length);
    expect(await written()).toEqual(before);
  });

  test('but new evidence is added, once', async () => {
    const before = await written();
    const rows = { ...ROWS, domain: [...ROWS.domain, 'nanopool.org'] };
    const outcome = await corner.run({ range: around(DAY), rows });
    expect(outcome.tagged).toBeGreaterThan(0);
    const after = await written();
    const news = (after['events'] ?? []).filter((one, i) => before['events']?.[i]?.[2] !== one[2]);
    expect(news).toHaveLength(outcome.tagged);
    const sources = await Promise.all(news.map(async ([, id]) => (await corner.event(String(id))).source));
    expect(sources.filter((source) => !isNew(source))).toEqual([]);
    expect(sources.flatMap((source) => at(source, 'minecanary.indicator'))).toContain('nanopool.org');
    for (const source of sources) {
      expect(new Set(at(source, 'tags') as string[]).size).toBe((at(source, 'tags') as string[]).length);
    }

    await corner.run({ range: around(DAY), rows });
    expect(await written()).toEqual(after);
  });

  test('and lookups that find less take no evidence away', async () => {
    const before = await written();
    const evidence = async () => (await corner.events()).map(({ source }) => [source['tags'], source['threat']]);
    const told = await evidence();
    const outcome = await corner.run({ range: around(DAY), rows: { port: [3333] } });
    expect(outcome.matched).toBeGreaterThan(10);
    expect(await evidence()).toEqual(told);
    expect({ ...(await written()), events: [] }).toEqual({ ...before, events: [] });
  });
});

test('the passes that are due change nothing when nothing is new', async () => {
  const index = await corner.index('-due');
  const now = new Date().toISOString();
  await corner.put(index, {
    arrived: { '@timestamp': now, event: { ingested: now }, destination: { port: 3333 }, source: { ip: '10.4.4.4' } },
    plain: { '@timestamp': now, destination: { port: 3333 }, source: { ip: '10.4.4.4' } },
    undated: { destination: { port: 3333 }, source: { ip: '10.4.4.4' } },
  });
  const settings = { source: { name: `${corner.name}-due`, index }, config: { sweep: '1s' } };
  const first = await corner.run(settings);
  expect(first).toMatchObject({ errors: [], matched: 3, tagged: 3 });
  const before = await written();
  for (let pass = 0; pass < 3; pass += 1) {
    const again = await corner.run(settings);
    expect(again).toMatchObject({ errors: [], tagged: 0, failed: 0 });
  }
  expect(await written()).toEqual(before);
});

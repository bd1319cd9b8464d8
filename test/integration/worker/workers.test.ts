/** Three workers on one backlog share it without being told of each other, and come to what one comes to. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CORPUS_MAPPINGS, CORPUS_SOURCES, corpusEvents } from '../../bench/corpus.ts';
import { CORPUS_ROWS } from '../../bench/corpus-values.ts';
import { elasticsearchUrl } from '../../support/elasticsearch.ts';
import { passage } from '../../support/stand-in.ts';
import { tablesOf } from '../../support/tables.ts';
import { at, type Corner, daysAgo, openCorner, type Stored } from '../../support/worker.ts';

const HOUR = 3_600_000;
const FROM = Date.parse(daysAgo(30, '18:00:00.000Z'));
/** Documents of a part, so that there are about a dozen. */
const PART = 250;
const TABLES = tablesOf(CORPUS_ROWS);
const ALERTS = { alerts: { remind: '0s' } };

let [alone, together]: Corner[] = [];
beforeAll(async () => {
  [alone, together] = [await backlog(), await backlog()];
});
afterAll(async () => {
  await alone?.close();
  await together?.close();
});

/** A corner with events of twelve hours and two days, of which a tenth match. */
async function backlog(): Promise<Corner> {
  const corner = await openCorner();
  for (const source of CORPUS_SOURCES) await corner.index(`-${source}`, { mappings: CORPUS_MAPPINGS });
  const more = { matching: 240, registered: true, urls: false };
  const lines = [...corpusEvents({ seed: 9, events: 2400, from: FROM, to: FROM + 12 * HOUR, ...more })].flatMap(
    ({ id, source, document }) => [{ create: { _index: `${corner.name}-${source}`, _id: id } }, document],
  );
  const { errors } = await corner.client.bulk({ operations: lines, refresh: true });
  expect(errors).toBe(false);
  return corner;
}

const iso = (time: number): string => new Date(time).toISOString();
const TIMES = new Set(['created', 'ingested', 'updated', 'tagged', 'occurred', 'previous']);

/** What a document says, but for when it was written and what tells the corners apart. */
function said({ name }: Corner, { source }: Stored<object>): string {
  const text = JSON.stringify(source, (key, value: unknown) => (TIMES.has(key) ? undefined : value));
  return text.replaceAll(name, 'corner').replaceAll(/"[0-9a-f]{32,64}"/g, '"#"');
}

function highest(alerts: readonly Stored[]): Map<string, number> {
  const most = new Map<string, number>();
  for (const { source } of alerts) {
    const key = `${String(at(source, 'minecanary.entity.name'))} ${String(at(source, 'minecanary.day'))}`;
    most.set(key, Math.max(most.get(key) ?? 0, Number(at(source, 'event.severity'))));
  }
  return most;
}

test('three workers share a range, and write the matches, incidents and highest alerts of one', async () => {
  if (alone === undefined || together === undefined) throw new Error('no corners');
  const settings = { tables: TABLES, config: ALERTS, range: [iso(FROM), iso(FROM + 12 * HOUR)] as const };
  const one = await alone.run(settings);
  expect(one).toMatchObject({ errors: [], failed: 0, matched: 240, tagged: 240 });

  const corner = together;
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((worker) =>
      corner.run({ ...settings, partDocuments: PART, owner: `${corner.name}-${worker}` }),
    ),
  );
  for (const outcome of outcomes) expect(outcome).toMatchObject({ errors: [], failed: 0 });
  // What one worker went over, the others left to it.
  expect(outcomes.reduce((sum, { seen }) => sum + seen, 0)).toBe(2400);
  expect(outcomes.reduce((sum, { tagged }) => sum + tagged, 0)).toBe(240);
  expect(outcomes.filter(({ matched }) => matched > 0).length).toBeGreaterThan(1);
  await expectSame(alone, corner);

  const [unit] = await corner.units();
  expect(unit?.source).toMatchObject({ state: 'free', counts: { seen: 2400, tagged: 240 }, attempts: 0 });
});

test('a part whose worker died is taken over, and the pass is whole', async () => {
  if (alone === undefined || together === undefined) throw new Error('no corners');
  const corner = together;
  await corner.forget();
  const settings = { tables: TABLES, config: { ...ALERTS, lease: { ttl: '1s' } }, partDocuments: PART };
  const range = [iso(FROM), iso(FROM + 12 * HOUR)] as const;
  const between = await passage(elasticsearchUrl());
  // It holds a part, and is never heard of again.
  const dies = (step: string): void => {
    if (step === 'tags') between.away = true;
  };
  const first = corner.run({ ...settings, range, owner: `${corner.name}-first` });
  const dying = { owner: `${corner.name}-dying`, node: between.url, beforeWrite: dies };
  const died = corner.run({ ...settings, ...dying, range });
  expect(await first).toMatchObject({ errors: [], failed: 0 });
  expect((await died).errors).toHaveLength(1);
  await between.close();
  await expectSame(alone, corner);
});

async function expectSame(one: Corner, other: Corner): Promise<void> {
  for (const kind of ['matches', 'incidents'] as const) {
    const told = async (where: Corner): Promise<string[]> =>
      (await where[kind]()).map((document) => said(where, document)).toSorted();
    const expected = await told(one);
    expect(expected.length).toBeGreaterThan(20);
    expect(await told(other)).toEqual(expected);
  }
  const alerts = highest(await one.alerts());
  expect(alerts.size).toBeGreaterThan(20);
  expect(highest(await other.alerts())).toEqual(alerts);
}

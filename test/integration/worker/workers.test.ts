/** Three workers on one backlog come to what one comes to. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CORPUS_MAPPINGS, CORPUS_SOURCES, corpusEvents } from '../../bench/corpus.ts';
import { CORPUS_ROWS } from '../../bench/corpus-values.ts';
import { tablesOf } from '../../support/tables.ts';
import { at, type Corner, daysAgo, openCorner, type Stored } from '../../support/worker.ts';

const HOUR = 3_600_000;
const FROM = Date.parse(daysAgo(30, '18:00:00.000Z'));
const PARTS = 6;
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

test('three workers on parts of a backlog write the matches, incidents and highest alerts of one', async () => {
  if (alone === undefined || together === undefined) throw new Error('no corners');
  const one = await alone.run({ tables: TABLES, config: ALERTS, range: [iso(FROM), iso(FROM + 12 * HOUR)] });
  expect(one).toMatchObject({ errors: [], failed: 0, matched: 240, tagged: 240 });

  const corner = together;
  const waiting = Array.from({ length: PARTS }, (_, i) => FROM + (i * 12 * HOUR) / PARTS);
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map(async (worker) => {
      let matched = 0;
      for (let from = waiting.shift(); from !== undefined; from = waiting.shift()) {
        const range = [iso(from), iso(from + (12 * HOUR) / PARTS)] as const;
        const owner = `${corner.name}-${worker}`;
        const outcome = await corner.run({ tables: TABLES, config: ALERTS, range, owner });
        expect(outcome).toMatchObject({ errors: [], failed: 0 });
        matched += outcome.matched;
      }
      return matched;
    }),
  );
  expect(outcomes.reduce((sum, matched) => sum + matched, 0)).toBe(240);
  expect(outcomes.every((matched) => matched > 0)).toBe(true);

  const [before, after] = [alone, together];
  for (const kind of ['matches', 'incidents'] as const) {
    const told = async (where: Corner): Promise<string[]> =>
      (await where[kind]()).map((document) => said(where, document)).toSorted();
    const expected = await told(before);
    expect(expected.length).toBeGreaterThan(20);
    expect(await told(after)).toEqual(expected);
  }
  const alerts = highest(await before.alerts());
  expect(alerts.size).toBeGreaterThan(20);
  expect(highest(await after.alerts())).toEqual(alerts);
});

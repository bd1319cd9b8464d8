import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { around, at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const DAY = 40;
const ROWS = { domain: [{ value: 'minexmr.com', confidence: 'high' as const }] };

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

test('an event tagged at ingest is not updated again, and its incident and alert are made', async () => {
  const index = await corner.index('-ingested');
  const bare = {
    '@timestamp': daysAgo(DAY),
    source: { ip: '10.1.2.3' },
    dns: { question: { name: 'eu.minexmr.com' } },
  };
  const first = await corner.index('-bare');
  await corner.put(first, { bare });
  await corner.run({ range: around(DAY), rows: ROWS });
  // What the worker wrote on the same event elsewhere, as the pipeline would have written it.
  const { source } = await corner.event('bare');
  const stage = { ...(source['minecanary'] as object), stage: 'ingest', lookups: 'of-another-day' };
  await corner.put(index, { ingested: { ...source, minecanary: stage } });

  const outcome = await corner.run({ range: around(DAY), rows: ROWS });
  expect(outcome).toMatchObject({ errors: [], matched: 2, tagged: 0, unchanged: 2 });
  expect(await corner.event('ingested')).toMatchObject({ version: 1 });
  expect((await corner.matches()).map(({ source: match }) => at(match, 'minecanary.event.id'))).toContain('ingested');
  expect((await corner.incidents()).map(({ source: one }) => at(one, 'minecanary.events'))).toEqual([2]);
  expect(await corner.alerts()).toHaveLength(1);

  const more = { ...ROWS, domain: [...ROWS.domain, 'eu.minexmr.com'] };
  expect(await corner.run({ range: around(DAY), rows: more })).toMatchObject({ tagged: 2 });
  expect(at((await corner.event('ingested')).source, 'minecanary.stage')).toBe('worker');
  expect(await corner.run({ range: around(DAY), rows: more })).toMatchObject({ tagged: 0, incidents: 0, alerts: 0 });
});

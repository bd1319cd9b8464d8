import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Tables } from '../../../src/lookups/compile.ts';
import { tablesOf } from '../../support/tables.ts';
import { at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const event = (name: string, days: number) => ({
  '@timestamp': daysAgo(days),
  source: { ip: '10.0.0.1' },
  dns: { question: { name } },
});
const OLD = { domain: ['minexmr.com'] };
const NEW = { domain: ['minexmr.com', 'late-pool.com'] };

let corner: Corner;
beforeEach(async () => {
  corner = await openCorner();
  const index = await corner.index('dns');
  await corner.put(index, {
    known: event('pool.minexmr.com', 1),
    late: event('eu.late-pool.com', 3),
    older: event('late-pool.com', 6),
    other: event('example.org', 2),
    ...Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`benign-${i}`, event(`host-${i}.example.org`, 2)])),
  });
});
afterEach(() => corner.close());

async function units(): Promise<Map<unknown, Record<string, unknown>>> {
  return new Map((await corner.units()).map(({ source }) => [source['pass'], source]));
}

async function matched(): Promise<string[]> {
  return (await corner.matches()).map(({ source }) => String(at(source, 'minecanary.event.id'))).toSorted();
}

describe('where indicators came since', () => {
  test('the horizon is gone over for those alone, and what it finds is matched with all', async () => {
    const before = tablesOf(OLD);
    expect(await corner.run({ tables: before })).toMatchObject({ errors: [], matched: 1 });
    const swept = (await units()).get('sweep');

    const tables = tablesOf(NEW);
    const outcome = await corner.run({ tables, before });
    expect(outcome).toMatchObject({ errors: [], failed: 0, matched: 2, tagged: 2 });
    expect(await matched()).toEqual(['known', 'late', 'older']);
    const now = await units();
    expect(now.get('retro-hunt')).toMatchObject({ state: 'free', digest: tables.digest, attempts: 0 });
    expect(at(now.get('retro-hunt'), 'counts.candidates')).toBe(2);
    expect(now.get('sweep')).toMatchObject({ digest: tables.digest, completed: swept?.['completed'] });

    const again = await corner.run({ tables, before: tables });
    expect(again).toMatchObject({ matched: 0, tagged: 0, incidents: 0 });
  });

  test('it finds what a whole sweep finds', async () => {
    const before = tablesOf(OLD);
    await corner.run({ tables: before });
    await corner.run({ tables: tablesOf(NEW), before });
    const hunted = [await corner.events(), await corner.matches(), await corner.incidents(), await corner.alerts()];
    // Without the tables of the run before, the digest alone makes a sweep due.
    await corner.client.update({ index: 'minecanary-units', id: `sweep:${corner.name}`, doc: { digest: 'another' } });
    expect(await corner.run({ tables: tablesOf(NEW) })).toMatchObject({
      errors: [],
      tagged: 0,
      incidents: 0,
      alerts: 0,
    });
    expect([await corner.events(), await corner.matches(), await corner.incidents(), await corner.alerts()]).toEqual(
      hunted,
    );
  });

  test('nothing is read where words alone changed', async () => {
    const before = tablesOf(OLD);
    await corner.run({ tables: before });
    const tables = tablesOf({ domain: [{ value: 'minexmr.com', note: 'seen again' }] });
    expect(tables.digest).not.toBe(before.digest);
    expect(await corner.run({ tables, before })).toMatchObject({ errors: [], seen: 0 });
    const now = await units();
    expect(now.has('retro-hunt')).toBe(false);
    expect(now.get('sweep')).toMatchObject({ digest: tables.digest });
  });
});

async function sweptAgain(tables: Tables, before: Tables): Promise<boolean> {
  const earlier = (await units()).get('sweep')?.['completed'];
  expect(await corner.run({ tables, before })).toMatchObject({ errors: [], failed: 0 });
  expect((await units()).has('retro-hunt')).toBe(false);
  return (await units()).get('sweep')?.['completed'] !== earlier;
}

describe('a whole sweep is due', () => {
  test('where the last one went by other tables than those of the run before', async () => {
    await corner.run({ tables: tablesOf({ domain: ['somewhere-else.com'] }) });
    expect(await sweptAgain(tablesOf(NEW), tablesOf(OLD))).toBe(true);
    expect(await matched()).toEqual(['known', 'late', 'older']);
  });
});

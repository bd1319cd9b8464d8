import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { assert, integer, property } from 'fast-check';
import { createMatcher } from '../../../src/matcher/match.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import type { Facts } from '../../../src/report/facts.ts';
import { createSample } from '../../../src/report/gather/near-misses.ts';
import { gatherFromScan } from '../../../src/report/gather/scan.ts';
import { readNdjson } from '../../../src/sources/ndjson.ts';
import { NOW } from '../../support/report.ts';
import { tablesOf } from '../../support/tables.ts';

const LIFETIME = { now: NOW, retention: 30 * 86_400_000 };
const POOL = { question: { name: 'pool.minexmr.com' } };

function scanned(events: readonly (object | string)[], sample = 100, scope?: string): Promise<Facts> {
  const text = events.map((event) => `${typeof event === 'string' ? event : JSON.stringify(event)}\n`).join('');
  return gatherFromScan({
    file: 'events.ndjson',
    lines: readNdjson(Readable.from([Buffer.from(text)]), 'events.ndjson'),
    matcher: createMatcher(tablesOf(), DEFAULT_POLICY),
    policy: DEFAULT_POLICY,
    lifetime: LIFETIME,
    alerts: { version: '0.0.0', minSeverity: 'low', remind: 0 },
    learned: false,
    ...(scope === undefined ? {} : { scope }),
    most: 10,
    sample,
    progress: () => undefined,
  });
}

/** A match and a near miss of a site. */
const ofSite = (namespace: string, ip: string) => [
  { '@timestamp': '2026-11-23T08:12:00Z', data_stream: { namespace }, source: { ip }, dns: POOL },
  { data_stream: { namespace }, dns: { question: { name: `not-${namespace}.notminexmr.com` } } },
];

describe('a scan', () => {
  test('counts lines, and names those that can not be read', async () => {
    const { coverage, totals, range } = await scanned([
      { '@timestamp': '2026-11-23T08:12:00Z', source: { ip: '10.1.2.3' }, dns: POOL },
      '{broken',
      { '@timestamp': '2026-11-24T08:12:00Z', source: { ip: '10.1.2.3' }, dns: POOL },
      { '@timestamp': '2019-11-24T08:12:00Z', source: { ip: '10.1.2.3' }, dns: POOL },
      { message: 'nothing' },
    ]);
    expect(coverage).toMatchObject({ of: 'scan', lines: 5, matched: 3, unreadable: 1, misdated: 1 });
    expect(coverage).toMatchObject({ named: [{ line: 2, reason: expect.stringContaining('not JSON') }] });
    expect(range).toEqual({ from: '2026-11-23', to: '2026-11-24' });
    expect(totals).toMatchObject({ incidents: 3, undated: 1 });
  });

  test('tells how the day went, with what the address of a host shows', async () => {
    const { incidents } = await scanned([
      {
        '@timestamp': '2026-11-23T08:12:00Z',
        host: { name: 'ws-1', ip: ['10.1.2.3'] },
        event: { module: 'sysmon' },
        process: { name: 'xmrig.exe' },
        winlog: { computer_name: 'ws-1' },
      },
      { '@timestamp': '2026-11-23T09:12:00Z', source: { ip: '10.1.2.3' }, dns: POOL },
      { '@timestamp': '2026-11-23T09:30:00Z', source: { ip: '10.1.2.3' }, dns: POOL },
    ]);
    expect(incidents.map(({ entity }) => entity.name)).toEqual(['ws-1']);
    const [{ timeline, events } = { timeline: undefined, events: 0 }] = incidents;
    expect(events).toBe(3);
    expect(timeline?.hours.flatMap((count, hour) => (count === 0 ? [] : [[hour, count]]))).toEqual([
      [8, 1],
      [9, 2],
    ]);
    expect(timeline?.steps).toMatchObject([
      { text: expect.stringContaining('ran xmrig.exe'), events: 1 },
      { text: expect.stringContaining('asked for pool.minexmr.com'), events: 2, last: '2026-11-23T09:30:00.000Z' },
    ]);
  });

  test('of one scope leaves out what is of others, near misses too', async () => {
    const events = [...ofSite('a', '10.1.2.3'), ...ofSite('b', '10.1.2.3'), ...ofSite('b', '10.1.2.4')];
    const one = await scanned(events, 100, 'b');
    expect(one).toMatchObject({ scope: 'b', coverage: { lines: 6, matched: 2, other_scopes: 1 } });
    expect(one.incidents.map(({ scope, entity }) => `${scope} ${entity.name}`).toSorted()).toEqual([
      'b 10.1.2.3',
      'b 10.1.2.4',
    ]);
    expect(one.totals.incidents).toBe(2);
    expect(one.alerts.high).toBe(2);
    expect(one.nearMisses).toMatchObject({ of: 2 });
    const all = await scanned(events);
    expect([all.totals.incidents, all.scope, all.nearMisses]).toEqual([
      3,
      undefined,
      expect.objectContaining({ of: 3 }),
    ]);
    expect(all.coverage).not.toHaveProperty('other_scopes');
  });

  test('looks for near misses in events without a match', async () => {
    const near = { dns: { question: { name: 'notminexmr.com' } } };
    const { nearMisses } = await scanned([near, near, { source: { ip: '10.1.2.3' }, dns: POOL }, { message: 'x' }]);
    expect(nearMisses).toMatchObject({
      looked: true,
      events: 3,
      of: 3,
      found: [{ reason: 'label', value: 'notminexmr.com', indicator: 'minexmr.com', events: 2 }],
    });
  });

  test('of nothing tells nothing', async () => {
    const facts = await scanned([]);
    expect(facts).toMatchObject({ incidents: [], totals: { incidents: 0, periods: [] }, coverage: { lines: 0 } });
    expect(facts).not.toHaveProperty('range');
  });
});

describe('a sample', () => {
  test('is of bounded size, spread evenly, and the same each time', () => {
    assert(
      property(integer({ min: 1, max: 50 }), integer({ min: 0, max: 2000 }), (half, count) => {
        const most = 2 * half;
        const sample = createSample(most);
        for (let i = 0; i < count; i += 1) sample.add({ i }, 10);
        const kept = sample.events().map(({ i }) => Number(i));
        expect(sample.count()).toBe(count);
        expect(kept.length).toBeLessThanOrEqual(most);
        expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, half));
        const gaps = new Set(kept.slice(1).map((one, i) => one - (kept[i] ?? 0)));
        expect(gaps.size).toBeLessThanOrEqual(1);
        expect(count - (kept.at(-1) ?? 0)).toBeLessThanOrEqual(Math.max(...gaps, 1) + (count > 0 ? 0 : 1));
      }),
    );
  });

  test('leaves out events that are too long to be held', () => {
    const sample = createSample(2);
    sample.add({ long: true }, 1_000_000);
    sample.add({ long: false }, 10);
    expect(sample.events()).toEqual([{ long: false }]);
  });
});

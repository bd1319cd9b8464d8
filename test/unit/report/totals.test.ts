import { describe, expect, test } from '@jest/globals';
import type { Incident } from '../../../src/model/incident.ts';
import { createMostSevere } from '../../../src/report/gather/most-severe.ts';
import { bySeverity, NO_TIMELINE, reported, type Step, stepOf, stepsInOrder } from '../../../src/report/incident.ts';
import { createTotals, type Totals } from '../../../src/report/totals.ts';
import { incidentOf, incidentsOf } from '../../support/report.ts';

function totalsOf(incidents: readonly Incident[]): Totals {
  const totals = createTotals();
  for (const incident of incidents) totals.add(incident);
  return totals.totals();
}

describe('totals', () => {
  test('are sums over the incidents', () => {
    const totals = totalsOf(incidentsOf(20));
    expect(totals).toMatchObject({ incidents: 20, entities: 20, undated: 0, distinct_indicators: 11 });
    expect(totals.by_severity).toEqual({ none: 4, low: 4, medium: 4, high: 6, critical: 2 });
    expect(totals.indicators[0]).toEqual({ name: 'minexmr.com', events: 37, incidents: 10, severity: 'critical' });
    expect(totals.datasets.map(({ name }) => name)).toEqual(['zeek.dns', 'suricata.eve']);
  });

  test('leave out what is excepted or counts elsewhere, and count it apart', () => {
    const excepted = incidentOf(0, { excepted: 'our own pool', score: 0, severity: 'none' });
    const joined = incidentOf(1, { joined: 'id-2', events: 0 });
    const totals = totalsOf([excepted, joined, incidentOf(2)]);
    expect(totals).toMatchObject({ incidents: 1, excepted: 1, joined: 1, events: incidentOf(2).events, entities: 1 });
    expect(totals.periods).toHaveLength(1);
  });

  test('tell each day from the first to the last, and the undated last', () => {
    const days = ['2026-11-03', '2026-10-31', 'unknown'];
    const totals = totalsOf(days.map((day, number) => incidentOf(number, { day })));
    expect(totals.periods.map(({ period }) => period)).toEqual([
      '2026-10-31',
      '2026-11-01',
      '2026-11-02',
      '2026-11-03',
      'unknown',
    ]);
    expect(totals.undated).toBe(1);
  });

  test('tell months where the days are many', () => {
    const totals = totalsOf(['2026-01-31', '2026-01-01', '2026-11-03'].map((day, i) => incidentOf(i, { day })));
    expect(totals.periods.map(({ period }) => period)).toEqual(['2026-01', '2026-11']);
    expect(totals.periods[0]?.incidents).toMatchObject({ critical: 1, high: 1 });
  });

  test('tell a name that objects have already as any other', () => {
    const name = '__proto__';
    const totals = totalsOf([incidentOf(0, { datasets: [{ name, count: 2 }], indicators: [{ name, count: 2 }] })]);
    expect(totals.datasets).toEqual([{ name, count: 2 }]);
    expect(totals.indicators).toMatchObject([{ name, events: 2 }]);
  });
});

describe('of any number of incidents', () => {
  test('the most severe are kept, in order', () => {
    const all = incidentsOf(1000).map((incident) => reported(incident, NO_TIMELINE));
    const kept = createMostSevere(30);
    for (const incident of all) kept.add(incident);
    expect(kept.list()).toEqual([...all].sort(bySeverity).slice(0, 30));
  });

  test('texts are cut, and lists too', () => {
    const long = 'x'.repeat(1_000_000);
    const indicators = Array.from({ length: 100 }, (_, i) => ({ name: `${i}${long}`, count: 1 }));
    const one = reported(incidentOf(0, { reason: long, id: long, indicators }), NO_TIMELINE);
    expect(JSON.stringify(one).length).toBeLessThan(15_000);
    expect(one.more_indicators).toBe(95);
    expect(one.reason.endsWith('…')).toBe(true);
  });
});

/** So many minutes after eight. */
function at(minute: number): number {
  return Date.parse('2026-11-24T08:00:00Z') + minute * 60_000;
}

describe('the steps of a day', () => {
  test('are in order of time, the same in words once', () => {
    const steps = [
      stepOf('073 asked for a (p, high)', 2, at(10), at(20)),
      stepOf('047 asked for a (p, high)', 1, at(5), at(6)),
      stepOf('021 used server port 3333 (p, medium)', 1, at(1), at(1)),
    ];
    expect(stepsInOrder(steps)).toEqual([
      {
        text: 'used server port 3333 (p, medium)',
        points: 21,
        events: 1,
        first: '2026-11-24T08:01:00.000Z',
        last: '2026-11-24T08:01:00.000Z',
      },
      {
        text: 'asked for a (p, high)',
        points: 73,
        events: 3,
        first: '2026-11-24T08:05:00.000Z',
        last: '2026-11-24T08:20:00.000Z',
      },
    ]);
  });

  test('are those of most points', () => {
    const all = Array.from({ length: 50 }, (_, i): Step => stepOf(`0${i + 10} did ${i}`, 1, at(i), at(i)));
    expect(stepsInOrder(all).map(({ points }) => points)).toEqual([54, 55, 56, 57, 58, 59]);
  });

  test('have no time where the events have none', () => {
    expect(stepOf('073 asked', 1, undefined, null)).toEqual({ text: 'asked', points: 73, events: 1 });
  });
});

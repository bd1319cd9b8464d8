import { describe, expect, test } from '@jest/globals';
import { dueAlerts, type EarlierAlert } from '../../../src/matcher/due.ts';
import { entityId, incidentOf } from '../../../src/matcher/incident.ts';
import { emptyTally } from '../../../src/matcher/tally.ts';
import type { Incident } from '../../../src/model/incident.ts';
import type { Entity, Severity } from '../../../src/model/match.ts';

const DAY = 86_400_000;
const ENTITY: Entity = { type: 'host', name: 'ws-1', shared: false };
const OPTIONS = { minSeverity: 'low', remind: 7 * DAY } as const;

function incident(day: string, severity: Severity, highest = severity): { incident: Incident } {
  return { incident: { ...incidentOf(emptyTally({ scope: 'here', entity: ENTITY, day })), severity, highest } };
}

function days(
  incidents: readonly { incident: Incident }[],
  options: Parameters<typeof dueAlerts>[2] = OPTIONS,
  earlier: readonly EarlierAlert[] = [],
): string[] {
  return dueAlerts(incidents, new Map([[entityId('here', ENTITY), earlier]]), options).map((one) => one.incident.day);
}

describe('which incidents are due an alert', () => {
  test('one of several days of an entity, wherever they stand in the batch', () => {
    expect(
      days([incident('2026-11-03', 'high'), incident('2026-11-01', 'high'), incident('2026-11-02', 'medium')]),
    ).toEqual(['2026-11-01']);
  });

  test('a later one that is more severe', () => {
    expect(days([incident('2026-11-01', 'medium'), incident('2026-11-02', 'high')])).toEqual([
      '2026-11-01',
      '2026-11-02',
    ]);
  });

  test('again once the reminder is over, to the day', () => {
    expect(days([incident('2026-11-08', 'high')], OPTIONS, [{ day: '2026-11-01', severity: 73 }])).toEqual([]);
    expect(days([incident('2026-11-09', 'high')], OPTIONS, [{ day: '2026-11-01', severity: 73 }])).toEqual([
      '2026-11-09',
    ]);
  });

  test('every one without reminders, and every undated one', () => {
    const all = [incident('2026-11-01', 'high'), incident('2026-11-02', 'high')];
    expect(days(all, { ...OPTIONS, remind: 0 })).toEqual(['2026-11-01', '2026-11-02']);
    expect(days([incident('unknown', 'high')], OPTIONS, [{ day: '2026-11-01', severity: 99 }])).toEqual(['unknown']);
  });

  test('none below the least severity, or below what it reached before', () => {
    expect(days([incident('2026-11-01', 'low')], { ...OPTIONS, minSeverity: 'medium' })).toEqual([]);
    expect(days([incident('2026-11-01', 'none')])).toEqual([]);
    expect(days([incident('2026-11-01', 'medium', 'high')])).toEqual([]);
  });
});

import { type Incident, UNDATED } from '../model/incident.ts';
import type { Severity } from '../model/match.ts';
import { atLeast, SEVERITY_FLOOR } from '../model/severity.ts';
import { isoTime } from '../model/time.ts';

/** How many days back an earlier incident of the same entity is its `previous`. */
export const CHAIN_DAYS = 31;

/** That an entity has an alert of a severity on a day. */
export interface EarlierAlert {
  readonly day: string;
  /** As `event.severity` of the alert. */
  readonly severity: number;
}

export interface DueOptions {
  readonly minSeverity: Severity;
  /** Milliseconds for which an alert on an earlier incident of the entity stands for a later one too. */
  readonly remind: number;
}

/** Whether an incident could have an alert: one that fell below its highest severity has not. */
export function isAlertable({ severity, highest }: Incident, minSeverity: Severity): boolean {
  return severity !== 'none' && atLeast(severity, minSeverity) && atLeast(severity, highest);
}

/**
 * Those of the incidents that are due an alert, in order of days: none for which an alert on an earlier incident of the
 * entity stands, be it there already or among these.
 *
 * @param earlier alerts that are there already, by the id of the entity.
 */
export function dueAlerts<T extends { readonly incident: Incident }>(
  settled: readonly T[],
  earlier: ReadonlyMap<string, readonly EarlierAlert[]>,
  { minSeverity, remind }: DueOptions,
): T[] {
  const known = new Map(earlier);
  const ordered = settled
    .filter(({ incident }) => isAlertable(incident, minSeverity))
    .sort((a, b) => (a.incident.day < b.incident.day ? -1 : a.incident.day > b.incident.day ? 1 : 0));
  return ordered.filter(({ incident: { day, severity, entity } }) => {
    if (day === UNDATED || remind === 0) return true;
    const before = known.get(entity.id) ?? [];
    const since = isoTime(Date.parse(day) - remind).slice(0, 10);
    const floor = SEVERITY_FLOOR[severity];
    if (before.some((one) => one.day < day && one.day >= since && one.severity >= floor)) return false;
    known.set(entity.id, [...before, { day, severity: floor }]);
    return true;
  });
}

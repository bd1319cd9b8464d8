import { type Count, type Incident, UNDATED } from '../model/incident.ts';
import type { Severity } from '../model/match.ts';
import { SEVERITIES, SEVERITY_FLOOR } from '../model/severity.ts';
import { shiftDay } from '../model/time.ts';
import { clip } from './text.ts';

export type BySeverity = Readonly<Record<Severity, number>>;

/** Incidents of a day, of a month, or without a date (`unknown`), by severity. */
export interface Period {
  readonly period: string;
  readonly incidents: BySeverity;
}

/** What was seen of an indicator. */
export interface IndicatorTotal {
  readonly name: string;
  readonly events: number;
  readonly incidents: number;
  /** Of the incidents, the highest. */
  readonly severity: Severity;
}

/** What all incidents amount to. Those that are excepted, or count in another, are counted as such and nowhere else. */
export interface Totals {
  readonly incidents: number;
  readonly by_severity: BySeverity;
  readonly entities: number;
  readonly events: number;
  readonly denied: number;
  readonly undated: number;
  readonly excepted: number;
  readonly joined: number;
  /** Each day from the first to the last, where they are few; else each month. The undated last. */
  readonly periods: readonly Period[];
  /** Events by data source, most first. */
  readonly datasets: readonly Count[];
  /** Events by kind of evidence, most first; an event with two kinds counts with both. */
  readonly kinds: readonly Count[];
  /** Those of most events, most first. */
  readonly indicators: readonly IndicatorTotal[];
  /** How many there are, as far as they were counted. */
  readonly distinct_indicators: number;
}

/** Days that a chart shows one by one. */
const MOST_DAYS = 62;
/** Distinct values that are told apart: a hostile network may send any number. */
const MOST_COUNTED = 20_000;
const MOST_SHOWN = 25;

export function createTotals(): { add(incident: Incident): void; totals(): Totals } {
  const sum = { incidents: 0, events: 0, denied: 0, undated: 0, excepted: 0, joined: 0 };
  const entities = new Set<string>();
  const days = new Map<string, Record<Severity, number>>();
  const counts = { datasets: new Map<string, number>(), kinds: new Map<string, number>() };
  const indicators = new Map<string, { events: number; incidents: number; severity: Severity }>();
  return {
    add(incident) {
      const { day, severity, entity, events, denied } = incident;
      if (incident.joined !== undefined) sum.joined += 1;
      else if (incident.excepted !== undefined) sum.excepted += 1;
      if (incident.joined !== undefined || incident.excepted !== undefined) return;
      sum.incidents += 1;
      sum.events += events;
      sum.denied += denied;
      sum.undated += day === UNDATED ? 1 : 0;
      entities.add(entity.id);
      const ofDay = days.get(day) ?? none();
      ofDay[severity] += 1;
      days.set(day, ofDay);
      addCounts(counts.datasets, incident.datasets);
      addCounts(counts.kinds, incident.kinds);
      for (const { name, count } of incident.indicators) addIndicator(indicators, clip(name), count, severity);
    },
    totals: () => ({
      ...sum,
      by_severity: [...days.values()].reduce(plus, none()),
      entities: entities.size,
      periods: periodsOf(days),
      datasets: inOrder(counts.datasets),
      kinds: inOrder(counts.kinds),
      indicators: [...indicators]
        .map(([name, one]) => ({ name, ...one }))
        .sort((a, b) => b.events - a.events || (a.name < b.name ? -1 : 1))
        .slice(0, MOST_SHOWN),
      distinct_indicators: indicators.size,
    }),
  };
}

export function none(): Record<Severity, number> {
  return { none: 0, low: 0, medium: 0, high: 0, critical: 0 };
}

function plus(a: BySeverity, b: BySeverity): Record<Severity, number> {
  const sum = none();
  for (const severity of SEVERITIES) sum[severity] = a[severity] + b[severity];
  return sum;
}

function addCounts(into: Map<string, number>, counts: readonly Count[]): void {
  for (const { name, count } of counts) {
    const key = clip(name);
    if (into.has(key) || into.size < MOST_COUNTED) into.set(key, (into.get(key) ?? 0) + count);
  }
}

function addIndicator(
  into: Map<string, { events: number; incidents: number; severity: Severity }>,
  name: string,
  events: number,
  severity: Severity,
): void {
  const known = into.get(name);
  if (known === undefined) {
    if (into.size < MOST_COUNTED) into.set(name, { events, incidents: 1, severity });
    return;
  }
  known.events += events;
  known.incidents += 1;
  if (SEVERITY_FLOOR[severity] > SEVERITY_FLOOR[known.severity]) known.severity = severity;
}

function inOrder(counts: ReadonlyMap<string, number>): Count[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SHOWN);
}

function periodsOf(days: ReadonlyMap<string, BySeverity>): Period[] {
  const undated = days.get(UNDATED);
  const last = undated === undefined ? [] : [{ period: UNDATED, incidents: undated }];
  const dated = [...days].filter(([day]) => day !== UNDATED).sort(([a], [b]) => (a < b ? -1 : 1));
  const [from, to] = [dated[0]?.[0], dated.at(-1)?.[0]];
  if (from === undefined || to === undefined) return last;
  if (shiftDay(from, MOST_DAYS) > to) {
    const all: Period[] = [];
    for (let day = from; day <= to; day = shiftDay(day, 1)) {
      all.push({ period: day, incidents: days.get(day) ?? none() });
    }
    return [...all, ...last];
  }
  const months = new Map<string, BySeverity>();
  for (const [day, incidents] of dated) {
    const month = day.slice(0, 7);
    months.set(month, plus(months.get(month) ?? none(), incidents));
  }
  return [...[...months].map(([period, incidents]) => ({ period, incidents })), ...last];
}

import type { Count, Incident } from '../model/incident.ts';
import { isoTime } from '../model/time.ts';
import { clip } from './text.ts';

/** Values of each list that a report keeps of an incident. */
const MOST_VALUES = 5;
/** Matches in words that a report keeps of an incident. */
export const MOST_STEPS = 6;

/** What was seen of one match: `asked for pool.minexmr.com (Sigma, high)`. */
export interface Step {
  readonly text: string;
  /** The most that it counted, 0..99. */
  readonly points: number;
  readonly events: number;
  /** ISO 8601, UTC; absent where the events have no time. */
  readonly first?: string;
  readonly last?: string;
}

/** How the day of an incident went. */
export interface Timeline {
  /** Events in each hour of the day, UTC: 24 numbers, or none where the events have no time. */
  readonly hours: readonly number[];
  /** Those of most points, at most `MOST_STEPS`, in order of time. */
  readonly steps: readonly Step[];
}

export const NO_TIMELINE: Timeline = { hours: [], steps: [] };

/** An incident as a report tells it. Texts are cut. */
export interface ReportedIncident extends Omit<Incident, 'points' | 'excepted' | 'joined'> {
  /** Indicators beyond those named. */
  readonly more_indicators: number;
  readonly timeline: Timeline;
}

export function reported(incident: Incident, timeline: Timeline): ReportedIncident {
  const { id, scope, entity, day, first, last, score, severity, highest, reason, events, matches, denied } = incident;
  const { datasets, kinds, lookups, indicators, previous } = incident;
  return {
    id: clip(id),
    scope: clip(scope),
    entity: { id: clip(entity.id), type: entity.type, name: clip(entity.name), shared: entity.shared },
    day,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    score,
    severity,
    highest,
    reason: clip(reason),
    events,
    matches,
    denied,
    datasets: most(datasets),
    kinds: most(kinds),
    lookups: most(lookups),
    indicators: most(indicators),
    more_indicators: Math.max(0, indicators.length - MOST_VALUES),
    ...(previous === undefined ? {} : { previous: clip(previous) }),
    timeline,
  };
}

function most(counts: readonly Count[]): Count[] {
  return counts.slice(0, MOST_VALUES).map(({ name, count }) => ({ name: clip(name), count }));
}

/** Most severe first; of equals, those of more events, then the latest. */
export function bySeverity(a: ReportedIncident, b: ReportedIncident): number {
  if (a.score !== b.score) return b.score - a.score;
  if (a.events !== b.events) return b.events - a.events;
  const [one, other] = [a.last ?? '', b.last ?? ''];
  return one === other ? (a.id < b.id ? -1 : 1) : one < other ? 1 : -1;
}

/** The matches of most points in order of time, of which the same in words, denied and allowed, is one. */
export function stepsInOrder(found: Iterable<Step>): Step[] {
  const byText = new Map<string, Step>();
  for (const step of found) {
    const known = byText.get(step.text);
    byText.set(step.text, known === undefined ? step : join(known, step));
  }
  return [...byText.values()]
    .sort((a, b) => b.points - a.points || (a.text < b.text ? 1 : -1))
    .slice(0, MOST_STEPS)
    .sort((a, b) => ((a.first ?? '') < (b.first ?? '') ? -1 : 1));
}

function join(a: Step, b: Step): Step {
  const first = [a.first, b.first].filter((time) => time !== undefined).sort()[0];
  const last = [a.last, b.last]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return {
    text: a.text,
    points: Math.max(a.points, b.points),
    events: a.events + b.events,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
  };
}

/** @param ranked a match in words behind its points, as `ranked` of the matcher says it. Times as milliseconds. */
export function stepOf(ranked: string, events: number, first?: number | null, last?: number | null): Step {
  return {
    text: clip(ranked.slice(4)),
    points: Number(ranked.slice(0, 3)) || 0,
    events,
    ...(typeof first === 'number' ? { first: isoTime(first) } : {}),
    ...(typeof last === 'number' ? { last: isoTime(last) } : {}),
  };
}

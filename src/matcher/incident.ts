import { createHash } from 'node:crypto';
import type { Count, Day, Incident } from '../model/incident.ts';
import { indicatorName } from '../model/indicator.ts';
import { type Entity, type Evidence, FAMILIES, type Match, type Severity } from '../model/match.ts';
import { SEVERITY_FLOOR, severityOf } from '../model/severity.ts';
import { isoTime } from '../model/time.ts';
import { fuse } from './score.ts';

/** First 32 hex digits of the sha-256 of the parts, which can't run into one another. */
export function hashId(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Equal names in two scopes are two entities. */
export function entityId(scope: string, { type, name }: Entity): string {
  return hashId(scope, type, name);
}

export function incidentId(scope: string, entity: Entity, day: Day): string {
  return incidentIdOf(entityId(scope, entity), day);
}

/** @param entity the entity's id, which holds its scope. */
export function incidentIdOf(entity: string, day: Day): string {
  return hashId(entity, day);
}

/**
 * A match in words behind its points, so that the text's order is the evidence's: `073 domain pool.minexmr.com
 * (pool-domains, high)`.
 */
export function ranked({ observable, indicator, points, answerTo }: Match): string {
  const seen = observable.kind === 'port' ? `${observable.side} port` : observable.kind;
  const rank = String(Math.round(points)).padStart(3, '0');
  const answer = answerTo === undefined ? '' : `, the answer to ${clip(answerTo)}`;
  return `${rank} ${seen} ${clip(observable.value)}${answer} (${indicator.lookup}, ${indicator.confidence})`;
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** All evidence on one entity in one day, added up. The same whether Elasticsearch adds it up or memory does. */
export interface Tally
  extends Pick<
    Incident,
    'scope' | 'day' | 'events' | 'matches' | 'denied' | 'datasets' | 'kinds' | 'lookups' | 'indicators' | 'points'
  > {
  readonly entity: Entity;
  /** Milliseconds since 1970 UTC. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** The matches of most points as `ranked` says them, best first, at most `MOST_RANKED`. */
  readonly ranked: readonly string[];
  /** The best score of a single event. */
  readonly best: number;
  readonly strong: boolean;
  readonly conclusive: boolean;
}

/**
 * The incident a tally amounts to. Evidence on a shared entity is not fused: it counts its best event.
 *
 * @param earlier what is known of the incident already, and the id of the entity's incident before it.
 */
export function incidentOf(tally: Tally, earlier: { highest?: Severity; previous?: string } = {}): Incident {
  const { scope, entity, day, first, last, events, matches, denied, datasets, kinds, lookups, indicators } = tally;
  const score = entity.shared ? tally.best : fuse(tally.points, tally);
  const severity = severityOf(score);
  const before = earlier.highest ?? 'none';
  const dated = day !== 'unknown' && first !== undefined && last !== undefined;
  return {
    id: incidentId(scope, entity, day),
    scope,
    entity: { ...entity, id: entityId(scope, entity) },
    day,
    ...(dated ? { first: isoTime(first), last: isoTime(last) } : {}),
    events,
    matches,
    denied,
    datasets,
    kinds,
    lookups,
    indicators,
    points: tally.points,
    score,
    severity,
    highest: SEVERITY_FLOOR[severity] > SEVERITY_FLOOR[before] ? severity : before,
    reason: reasonOf(tally),
    ...(earlier.previous === undefined ? {} : { previous: earlier.previous }),
  };
}

/** One sentence: who, how often, when, and on which evidence. */
function reasonOf({ entity, day, first, last, events, denied, ranked: best }: Tally): string {
  if (events === 0) return `${clip(entity.name)}: the events that were evidence have changed and are no longer.`;
  const phrases = [...new Set(best.map((text) => text.slice(4)))];
  const more = phrases.length - SPOKEN;
  const rest = more <= 0 ? '' : best.length < MOST_RANKED ? `; and ${more} more` : '; and many more';
  const attempts = denied === 0 ? '' : denied === events ? ', all denied' : `, ${denied} denied`;
  const shared = entity.shared ? ' (shared, not fused)' : '';
  const count = `${events} ${events === 1 ? 'event' : 'events'}${attempts}`;
  const evidence = phrases.slice(0, SPOKEN).join('; ') + rest;
  return `${clip(entity.name)}${shared} in ${count}${span(day, first, last)}: ${evidence}.`;
}

function span(day: Day, first: number | undefined, last: number | undefined): string {
  if (day === 'unknown' || first === undefined || last === undefined) return ' without a date';
  const [from, to] = [isoTime(first).slice(11, 16), isoTime(last).slice(11, 16)];
  return from === to ? ` on ${day} at ${from} UTC` : ` on ${day} from ${from} to ${to} UTC`;
}

/** Matches that an incident's sentence names. */
const SPOKEN = 3;
/** Matches that a tally keeps in words. */
export const MOST_RANKED = 20;
/** Values that a tally keeps of each list of counts. */
export const MOST_COUNTS = 100;

/** Adds up the evidence of one entity and day in memory, as a scan does. */
export function createTally(
  scope: string,
  entity: Entity,
  day: Day,
): { add(evidence: Evidence): void; tally(): Tally } {
  const counts = { datasets: counter(), kinds: counter(), lookups: counter(), indicators: counter() };
  const words = new Set<string>();
  const points = { name: 0, network: 0, host: 0, content: 0 };
  const sum = { events: 0, matches: 0, denied: 0, best: 0, strong: false, conclusive: false };
  let first: number | undefined;
  let last: number | undefined;
  return {
    add(evidence) {
      const { matches, time } = evidence;
      if (time !== undefined) {
        first = Math.min(first ?? time, time);
        last = Math.max(last ?? time, time);
      }
      sum.events += 1;
      sum.matches += matches.length;
      sum.denied += evidence.denied ? 1 : 0;
      sum.best = Math.max(sum.best, evidence.score);
      sum.strong ||= evidence.strong;
      sum.conclusive ||= evidence.conclusive;
      for (const family of FAMILIES) points[family] = Math.max(points[family], evidence.points[family]);
      counts.datasets.add([evidence.dataset]);
      counts.kinds.add(matches.map(({ observable }) => observable.kind));
      counts.lookups.add(matches.map(({ indicator }) => indicator.lookup));
      counts.indicators.add(matches.map(({ indicator }) => indicatorName(indicator)));
      for (const match of matches) words.add(ranked(match));
    },
    tally: () => ({
      ...sum,
      scope,
      entity,
      day,
      first,
      last,
      points: { ...points },
      datasets: counts.datasets.list(),
      kinds: counts.kinds.list(),
      lookups: counts.lookups.list(),
      indicators: counts.indicators.list(),
      ranked: [...words].sort().toReversed().slice(0, MOST_RANKED),
    }),
  };
}

/** Counts events by value: a value counts once an event. */
function counter(): { add(names: readonly string[]): void; list(): Count[] } {
  const counts = new Map<string, number>();
  return {
    add(names) {
      for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    list: () =>
      [...counts]
        .map(([name, count]) => ({ name, count }))
        .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
        .slice(0, MOST_COUNTS),
  };
}

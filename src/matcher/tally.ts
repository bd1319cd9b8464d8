import type { Count, Day, Incident } from '../model/incident.ts';
import { indicatorName } from '../model/indicator.ts';
import { type Entity, type Evidence, FAMILIES, type FamilyPoints } from '../model/match.ts';
import { MOST_PHRASES, ranked } from './sentence.ts';

/** Values that a tally keeps of each list of counts. */
export const MOST_COUNTS = 100;

/** A match in words, with the events that had it. */
export interface Phrase {
  /** As `ranked` says it. */
  readonly text: string;
  /** Milliseconds since 1970 UTC, of the earliest and the latest event. */
  readonly first: number | undefined;
  readonly last: number | undefined;
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
  /** The matches of most points, best first, at most `MOST_PHRASES`. */
  readonly phrases: readonly Phrase[];
  /** The best score of a single event. */
  readonly best: number;
  readonly strong: boolean;
  readonly conclusive: boolean;
}

const NO_POINTS: FamilyPoints = { name: 0, network: 0, host: 0, content: 0 };

/** Whose day it is that is added up. */
export interface TallyOf {
  readonly scope: string;
  readonly entity: Entity;
  readonly day: Day;
}

export function emptyTally({ scope, entity, day }: TallyOf): Tally {
  return {
    scope,
    entity,
    day,
    first: undefined,
    last: undefined,
    events: 0,
    matches: 0,
    denied: 0,
    datasets: [],
    kinds: [],
    lookups: [],
    indicators: [],
    phrases: [],
    points: NO_POINTS,
    best: 0,
    strong: false,
    conclusive: false,
  };
}

/** What one event adds. */
export interface TallyPart extends Pick<Evidence, 'denied' | 'score' | 'strong' | 'conclusive' | 'points' | 'dataset'> {
  readonly time: number | undefined;
  readonly matches: number;
  readonly kinds: readonly string[];
  readonly lookups: readonly string[];
  readonly indicators: readonly string[];
  /** As `ranked` says them. */
  readonly ranked: readonly string[];
}

export function partOf(evidence: Evidence): TallyPart {
  const { matches, denied, score, strong, conclusive, points, dataset, time } = evidence;
  return {
    denied,
    score,
    strong,
    conclusive,
    points,
    dataset,
    time,
    matches: matches.length,
    kinds: matches.map(({ observable }) => observable.kind),
    lookups: matches.map(({ indicator }) => indicator.lookup),
    indicators: matches.map(({ indicator }) => indicatorName(indicator)),
    ranked: matches.map((match) => ranked(match, evidence)),
  };
}

/** Adds up the evidence of one entity and day in memory, as a scan does. */
export function createTally(of: TallyOf): { add(part: TallyPart): void; tally(): Tally } {
  const counts = { datasets: counter(), kinds: counter(), lookups: counter(), indicators: counter() };
  const phrases = new Map<string, Phrase>();
  const points = { ...NO_POINTS };
  const sum = { events: 0, matches: 0, denied: 0, best: 0, strong: false, conclusive: false };
  let first: number | undefined;
  let last: number | undefined;
  return {
    add(part) {
      const { time } = part;
      first = earlier(first, time);
      last = later(last, time);
      sum.events += 1;
      sum.matches += part.matches;
      sum.denied += part.denied ? 1 : 0;
      sum.best = Math.max(sum.best, part.score);
      sum.strong ||= part.strong;
      sum.conclusive ||= part.conclusive;
      for (const family of FAMILIES) points[family] = Math.max(points[family], part.points[family]);
      counts.datasets.add([part.dataset]);
      counts.kinds.add(part.kinds);
      counts.lookups.add(part.lookups);
      counts.indicators.add(part.indicators);
      for (const text of part.ranked) takePhrase(phrases, { text, first: time, last: time });
    },
    tally: () => ({
      ...of,
      ...sum,
      first,
      last,
      points: { ...points },
      datasets: counts.datasets.list(),
      kinds: counts.kinds.list(),
      lookups: counts.lookups.list(),
      indicators: counts.indicators.list(),
      phrases: best(phrases),
    }),
  };
}

/** Adds one tally to another, whose entity and day it keeps. */
export function joinTallies(into: Tally, other: Tally): Tally {
  const phrases = new Map<string, Phrase>();
  for (const phrase of [...into.phrases, ...other.phrases]) takePhrase(phrases, phrase);
  const joined = (of: 'datasets' | 'kinds' | 'lookups' | 'indicators'): Count[] => {
    const counts = counter();
    for (const { name, count } of [...into[of], ...other[of]]) counts.add([name], count);
    return counts.list();
  };
  return {
    ...into,
    first: earlier(into.first, other.first),
    last: later(into.last, other.last),
    events: into.events + other.events,
    matches: into.matches + other.matches,
    denied: into.denied + other.denied,
    datasets: joined('datasets'),
    kinds: joined('kinds'),
    lookups: joined('lookups'),
    indicators: joined('indicators'),
    phrases: best(phrases),
    points: Object.fromEntries(
      FAMILIES.map((family) => [family, Math.max(into.points[family], other.points[family])]),
    ) as unknown as FamilyPoints,
    best: Math.max(into.best, other.best),
    strong: into.strong || other.strong,
    conclusive: into.conclusive || other.conclusive,
  };
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function later(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function takePhrase(phrases: Map<string, Phrase>, { text, first, last }: Phrase): void {
  const known = phrases.get(text);
  phrases.set(text, { text, first: earlier(known?.first, first), last: later(known?.last, last) });
}

function best(phrases: ReadonlyMap<string, Phrase>): Phrase[] {
  return [...phrases.values()].sort((a, b) => (a.text < b.text ? 1 : -1)).slice(0, MOST_PHRASES);
}

/** Counts events by value: a value counts once an event. */
function counter(): { add(names: readonly string[], events?: number): void; list(): Count[] } {
  const counts = new Map<string, number>();
  return {
    add(names, events = 1) {
      for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + events);
    },
    list: () =>
      [...counts]
        .map(([name, count]) => ({ name, count }))
        .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
        .slice(0, MOST_COUNTS),
  };
}

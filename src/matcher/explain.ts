import { whyListed } from '../lookups/explain.ts';
import type { Direction, EventDocument } from '../model/event.ts';
import type { Entity, Evidence, FamilyPoints, Match, Observable, Severity } from '../model/match.ts';
import { DEFAULT_POLICY, type Policy } from '../model/policy.ts';
import { isoTime } from '../model/time.ts';
import { CONTEXT_FIELDS } from './catalogue.ts';
import { denialOf, timeTold } from './context.ts';
import { datasetOf } from './entity.ts';
import type { Circumstances, Matcher } from './match.ts';
import type { NearMiss } from './near-miss/near-miss.ts';
import { findNearMisses } from './near-miss.ts';
import type { Observed } from './observe.ts';
import { createReader } from './reader.ts';
import { type Fusion, fusionOf, type Step, stepsOf } from './score.ts';

/** A match with the reasons for it and for its points. */
export interface ExplainedMatch extends Match {
  /** How the value meets the indicator, in words. */
  readonly why: string;
  /** The points are their product. */
  readonly steps: readonly Step[];
}

/** How the points became the score. */
export interface Verdict extends Fusion {
  /** Best points of each family. */
  readonly points: FamilyPoints;
  readonly severity: Severity;
}

/** What an event carries of an earlier run; it is no evidence. */
export interface Carried {
  readonly stage?: string;
  readonly score?: number;
  readonly tagged?: string;
  /** Digest of the lookups that it was made with. */
  readonly lookups?: string;
}

/** All there is to say about one event. JSON. */
export interface Explanation {
  /** Digest of the lookups. */
  readonly lookups: string;
  /** Where they are longer than 1,024 characters, cut. */
  readonly observables: readonly Observable[];
  readonly matches: readonly ExplainedMatch[];
  readonly near_misses: readonly NearMiss[];
  /** Near misses beyond the first 50. */
  readonly left_out: number;
  /** Absent without a match. */
  readonly verdict?: Verdict;
  /** Why nothing of it counts, where exceptions say so. */
  readonly excepted?: string;
  readonly entity: Entity & { readonly scope: string; readonly why: string };
  readonly direction: { readonly is: Direction; readonly why: string };
  readonly denied: { readonly is: boolean; readonly why: string };
  /** ISO 8601, UTC; without `is` the event is undated. */
  readonly time: { readonly is?: string; readonly why: string };
  readonly dataset: string;
  /** The tag that the event carries already. */
  readonly tag?: Carried;
}

const LONGEST_VALUE = 1024;
/** Latest time a date can have. */
const LAST_TIME = 8.64e15;

/**
 * Explains single events with everything that is near a match. Pure and total as the matcher is, and slow: it walks
 * over all indicators.
 *
 * @param policy of the matcher.
 */
export function createExplainer(
  matcher: Matcher,
  policy: Policy = DEFAULT_POLICY,
): (event: EventDocument, time?: number) => Explanation {
  const { tables } = matcher;
  return (event, time) => {
    const observed = matcher.observe(event);
    const circumstances = matcher.circumstances(observed, time);
    const { context } = circumstances;
    const evidence = matcher.match(event, time);
    const matched = new Set(evidence?.matches.map(({ indicator }) => indicator));
    const { told, leftOut } = findNearMisses({ event, observed, context, tables, policy, matched });
    const carried = tagIn(event);
    return {
      lookups: tables.digest,
      observables: observed.observables.map(clipped),
      matches: explainMatches(evidence, circumstances),
      near_misses: told.map(clipped),
      left_out: leftOut,
      ...(evidence === undefined ? {} : { verdict: verdictOf(evidence) }),
      ...(evidence?.excepted === undefined ? {} : { excepted: evidence.excepted }),
      ...tellCircumstances(observed, circumstances),
      time: tellTime(observed, circumstances.time, time !== undefined, policy),
      ...(carried === undefined ? {} : { tag: carried }),
    };
  };
}

function explainMatches(
  evidence: Evidence | undefined,
  { context, suspected: { direction } }: Circumstances,
): ExplainedMatch[] {
  const matches = evidence?.matches ?? [];
  const nameMatched = matches.some(({ family }) => family === 'name');
  return matches.map((match) => {
    const { observable, indicator } = match;
    return {
      ...match,
      why: whyListed(observable.kind, observable.value, indicator),
      steps: stepsOf(observable, indicator, context, { direction, nameMatched }),
    };
  });
}

function verdictOf(evidence: Evidence): Verdict {
  const { points, severity } = evidence;
  return { points, ...fusionOf(points, evidence), severity };
}

function tellCircumstances(observed: Observed, { context, suspected, scope }: Circumstances) {
  const { entity, direction, why } = suspected;
  return {
    entity: { ...entity, scope, why: why.entity },
    direction: { is: direction, why: why.direction },
    denied: { is: context.denied, why: denialOf(observed) ?? 'nothing says so' },
    dataset: datasetOf(observed),
  };
}

function tellTime(
  observed: Observed,
  time: number | undefined,
  isFromIndex: boolean,
  { timestamp }: Policy,
): Explanation['time'] {
  if (time === undefined) return { why: `neither ${timestamp} nor event.created nor event.ingested gives one` };
  const { from = 'timestamp' } = timeTold(observed) ?? {};
  const field = from === 'timestamp' ? timestamp : CONTEXT_FIELDS[from];
  const why = isFromIndex ? `${timestamp}, else event.created or event.ingested, as they are indexed` : field;
  return Math.abs(time) > LAST_TIME ? { why: `${why} lies beyond any date` } : { is: isoTime(time), why };
}

function clipped<T extends { readonly value: string }>(one: T): T {
  const { value } = one;
  return value.length <= LONGEST_VALUE ? one : { ...one, value: `${value.slice(0, LONGEST_VALUE)}…` };
}

const TAG_FIELDS = ['minecanary.stage', 'minecanary.score', 'minecanary.tagged', 'minecanary.lookups'];
const tagReader = createReader(TAG_FIELDS.map((field) => [field]));

function tagIn(event: EventDocument): Carried | undefined {
  const [stage, score, tagged, lookups] = tagReader.read(event).map((values) => values?.[0]);
  const carried = {
    ...(stage === undefined ? {} : { stage: String(stage) }),
    ...(score === undefined ? {} : { score: Number(score) }),
    ...(tagged === undefined ? {} : { tagged: String(tagged) }),
    ...(lookups === undefined ? {} : { lookups: String(lookups) }),
  };
  return Object.keys(carried).length === 0 ? undefined : carried;
}

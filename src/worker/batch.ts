import type { Client } from '@elastic/elasticsearch';
import type { Matcher } from '../matcher/match.ts';
import type { Severity } from '../model/match.ts';
import { type Place, placeKey } from '../model/place.ts';
import type { Failure, Matched, WriteContext } from '../sinks/matched.ts';
import type { PlainIndices } from '../sinks/plain-index.ts';
import type { Candidate } from '../sources/source.ts';
import type { Counts } from './outcome.ts';

/** The writes of a window, in their order. */
export type Step = 'matches' | 'incidents' | 'alerts' | 'tags' | 'checkpoint';

/** Called before each write; it may throw, and nothing more is written. */
export type BeforeWrite = (step: Step) => void | Promise<void>;

export interface WriterOptions {
  readonly client: Client;
  readonly indices: PlainIndices;
  readonly matcher: Matcher;
  readonly context: WriteContext;
  readonly tag: { readonly enabled: boolean; readonly minScore: number };
  readonly alerts: { readonly minSeverity: Severity; readonly remind: number };
  readonly beforeWrite: BeforeWrite;
  /** Reads documents as they are now; those that are gone are left out. */
  readonly reread: (places: readonly Place[]) => Promise<readonly Candidate[]>;
}

/** What came of some writes. */
export interface BatchOutcome {
  readonly counts: Pick<Counts, 'tagged' | 'unchanged' | 'incidents' | 'alerts'>;
  readonly failures: readonly Failure[];
  readonly refused: readonly Failure[];
}

export const NOTHING_WRITTEN: BatchOutcome = {
  counts: { tagged: 0, unchanged: 0, incidents: 0, alerts: 0 },
  failures: [],
  refused: [],
};

export function addOutcomes(a: BatchOutcome, b: BatchOutcome): BatchOutcome {
  return {
    counts: {
      tagged: a.counts.tagged + b.counts.tagged,
      unchanged: a.counts.unchanged + b.counts.unchanged,
      incidents: a.counts.incidents + b.counts.incidents,
      alerts: a.counts.alerts + b.counts.alerts,
    },
    failures: [...a.failures, ...b.failures],
    refused: [...a.refused, ...b.refused],
  };
}

/** The candidates that match, with their evidence, and the number of those that only exceptions hold back. */
export interface MatchedPage {
  readonly matched: readonly Matched[];
  readonly excepted: number;
}

export function matchAll(matcher: Matcher, candidates: readonly Candidate[]): MatchedPage {
  const matched: Matched[] = [];
  let excepted = 0;
  for (const { event, time, place } of candidates) {
    const evidence = matcher.match(event, time);
    if (evidence === undefined) continue;
    if (evidence.excepted === undefined) matched.push({ event, place, evidence });
    else excepted += 1;
  }
  return { matched, excepted };
}

/** Tells whether an event is none of these, each of which counts as it was found last. */
export function notAmong(others: readonly Matched[]): (one: Matched) => boolean {
  const keys = new Set(others.map(({ place }) => placeKey(place)));
  return ({ place }) => !keys.has(placeKey(place));
}

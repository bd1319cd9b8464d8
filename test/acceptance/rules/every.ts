/** The matcher, and all real events of the sources that a rule is checked on. */
import { compile } from '../../../src/lookups/compile.ts';
import { type Circumstances, createMatcher } from '../../../src/matcher/match.ts';
import type { Observed } from '../../../src/matcher/observe.ts';
import { DEFAULT_POLICY, type Policy } from '../../../src/model/policy.ts';
import { COMPOSED, type Labelled, placeOf, readSource, sourcesOf } from '../real-events.ts';

export interface Seen extends Circumstances {
  readonly one: Labelled;
  readonly observed: Observed;
  /** Source and line. */
  readonly place: string;
}

export type Look = (one: Labelled) => Seen;

/** What the matcher makes of an event, whatever the lookups: who, denied or not, when. */
export function lookWith(policy: Partial<Policy> = {}): Look {
  const matcher = createMatcher(compile([], '2026-11-24'), { ...DEFAULT_POLICY, ...policy });
  return (one) => {
    const observed = matcher.observe(one.event);
    return { ...matcher.circumstances(observed), one, observed, place: placeOf(one) };
  };
}

/** All events of real traffic, by source. */
export function readAll(data: string): ReadonlyMap<string, readonly Labelled[]> {
  const sources = sourcesOf(data).filter((source) => source !== COMPOSED);
  return new Map(sources.map((source) => [source, readSource(data, source)]));
}

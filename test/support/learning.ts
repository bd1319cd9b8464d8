/** Learned addresses of events, as the worker and a scan have them. */
import { createLearning, type LearnedTable } from '../../src/lookups/learned.ts';
import { createMatcher, type Matcher } from '../../src/matcher/match.ts';
import type { EventDocument } from '../../src/model/event.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/model/policy.ts';
import { MINING, type RowsByKind, tablesOf } from './tables.ts';

/** What the events teach; an event is named by its place among them. */
export function learnedFrom(matcher: Matcher, events: readonly EventDocument[]): LearnedTable {
  const learning = createLearning();
  for (const [i, event] of events.entries()) {
    const { lesson, scope } = matcher.match(event) ?? {};
    if (lesson !== undefined && scope !== undefined) learning.add({ ...lesson, scope, event: `dns/${i + 1}` });
  }
  return learning.table();
}

/** A matcher that has read these events. */
export function taughtMatcher(
  events: readonly EventDocument[],
  { rows = MINING, policy = {} }: { readonly rows?: RowsByKind; readonly policy?: Partial<Policy> } = {},
): Matcher {
  const tables = tablesOf(rows);
  const whole = { ...DEFAULT_POLICY, ...policy };
  return createMatcher(tables, whole, learnedFrom(createMatcher(tables, whole), events));
}

/** Learned addresses of events, as the worker and a scan have them. */
import { createLearning, type LearnedTable } from '../../src/lookups/learned.ts';
import { createMatcher, type Matcher } from '../../src/matcher/match.ts';
import type { EventDocument } from '../../src/model/event.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/model/policy.ts';
import { MINING, type RowsByKind, tablesOf } from './tables.ts';

/** Names of every category. */
export const POOLS: RowsByKind = {
  port: [3333],
  domain: [
    { value: 'minexmr.com', confidence: 'high', category: 'pool' },
    { value: 'coinhive.com', confidence: 'high', category: 'browser-miner' },
    { value: 'coins.example', confidence: 'medium', category: 'site' },
    { value: 'own.example', confidence: 'medium' },
    { value: 'doubtful.org', confidence: 'low', category: 'pool' },
  ],
};
export const POOL = '203.0.113.9';
export const CLIENT = '10.1.2.3';

/** `2026-11-24T<time>Z`. */
export function day(time: string): string {
  return `2026-11-24T${time}Z`;
}

/** An answer to `CLIENT` that leads to `POOL`. */
export function dns(changes: { name?: string; answers?: unknown; time?: string } & EventDocument = {}): EventDocument {
  const { name = 'eu.minexmr.com', answers = [{ data: POOL, ttl: 60 }], time = '12:00:00', ...rest } = changes;
  return {
    '@timestamp': day(time),
    source: { ip: CLIENT, port: 50_000 },
    destination: { ip: '10.0.0.53', port: 53 },
    dns: { question: { name }, answers, response_code: 'NOERROR' },
    ...rest,
  };
}

/** From `CLIENT` to `POOL`, ten minutes later. */
export function connection(changes: EventDocument = {}): EventDocument {
  return {
    '@timestamp': day('12:10:00'),
    source: { ip: CLIENT, port: 50_001 },
    destination: { ip: POOL, port: 443 },
    ...changes,
  };
}

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

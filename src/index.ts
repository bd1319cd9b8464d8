/**
 * minecanary as a library: compile lookups, match events, enrich them. It does no input or output and has no clock.
 *
 * @example
 * const { lookup, faults } = parseLookup(await readFile('ports.json', 'utf8'), 'ports.json');
 * const matcher = createMatcher(compile([lookup], '2026-11-24'));
 * const evidence = matcher.match({ destination: { ip: '198.51.100.7', port: 3333 } });
 */
export { compile, type Tables } from './lookups/compile.ts';
export { type Lookup, type ParsedLookup, parseLookup } from './lookups/parse.ts';
export { type Tag, type TagContext, tagOf } from './matcher/enrich.ts';
export { entityId, incidentId, incidentOf } from './matcher/incident.ts';
export { createMatcher, type Matcher } from './matcher/match.ts';
export { eventReason } from './matcher/sentence.ts';
export { tagged } from './matcher/tag.ts';
export { createTally, partOf, type Tally } from './matcher/tally.ts';
export type { EventDocument } from './model/event.ts';
export type { Incident } from './model/incident.ts';
export type { Indicator } from './model/indicator.ts';
export type { Entity, Evidence, Match, Observable, Severity } from './model/match.ts';
export { DEFAULT_POLICY, type Policy } from './model/policy.ts';

/**
 * minecanary as a library: compile lookups, match events, enrich them. But for the lookups' files, which `loadLookups`
 * reads, it does no input or output; it has no clock.
 *
 * @example
 * const matcher = createMatcher(compile(await loadLookups([SHIPPED_LOOKUPS]), '2026-11-24'));
 * const evidence = matcher.match({ destination: { ip: '198.51.100.7', port: 3333 } });
 */
import { fileURLToPath } from 'node:url';

/** The folder of the lookups that come with minecanary. */
export const SHIPPED_LOOKUPS = fileURLToPath(new URL('../lookups', import.meta.url));

export { VERSION } from './config/version.ts';
export { loadLookups } from './feeds/load.ts';
export { compile, type Tables } from './lookups/compile.ts';
export { type Lookup, type ParsedLookup, parseLookup } from './lookups/parse.ts';
export { type Tag, type TagContext, tagOf } from './matcher/enrich.ts';
export { entityId, incidentId, incidentOf } from './matcher/incident.ts';
export { createMatcher, type Matcher } from './matcher/match.ts';
export { eventReason } from './matcher/sentence.ts';
export { tagged } from './matcher/tag.ts';
export { createTally, partOf, type Tally } from './matcher/tally.ts';
export { LookupError } from './model/errors.ts';
export type { EventDocument } from './model/event.ts';
export type { Incident } from './model/incident.ts';
export type { Indicator } from './model/indicator.ts';
export type { Entity, Evidence, Match, Observable, Severity } from './model/match.ts';
export { DEFAULT_POLICY, type Policy } from './model/policy.ts';

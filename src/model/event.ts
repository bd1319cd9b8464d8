/**
 * One event as it lies under `_source`: any JSON object, with nested, dotted or mixed field names, scalar or array
 * values. Nothing about it may be taken for granted.
 */
export type EventDocument = Readonly<Record<string, unknown>>;

/** The traffic side a field speaks of. `none`: the field has no side (a DNS question, a process). */
export type Side = 'client' | 'server' | 'none';

/** Where an address lies, seen from the networks the configuration calls internal. */
export type Locality = 'internal' | 'external' | 'unknown';

/** Seen from the entity: inbound is an outside client of our server. */
export type Direction = 'inbound' | 'outbound' | 'unknown';

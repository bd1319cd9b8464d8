import { createHash } from 'node:crypto';
import type { Day, Incident } from '../model/incident.ts';
import type { Entity, Severity } from '../model/match.ts';
import { SEVERITY_FLOOR, severityOf } from '../model/severity.ts';
import { isoTime } from '../model/time.ts';
import { fuse } from './score.ts';
import { incidentReason } from './sentence.ts';
import type { Tally } from './tally.ts';

/** First 32 hex digits of the sha-256 of the parts, which can't run into one another. */
export function hashId(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Equal names in two scopes are two entities. */
export function entityId(scope: string, { type, name }: Omit<Entity, 'shared'> & { shared?: boolean }): string {
  return hashId(scope, type, name);
}

export function incidentId(scope: string, entity: Entity, day: Day): string {
  return incidentIdOf(entityId(scope, entity), day);
}

/** @param entity the entity's id, which holds its scope. */
export function incidentIdOf(entity: string, day: Day): string {
  return hashId(entity, day);
}

/** What is known of an incident besides its evidence. */
export interface IncidentBefore {
  /** The highest severity it had. */
  readonly highest?: Severity;
  /** Id of the entity's incident before it. */
  readonly previous?: string;
  /** Why it does not count: an exception holds for its entity, or for all its evidence. */
  readonly excepted?: string;
  /** The incident that its evidence counts in, and whose it is. */
  readonly joined?: { readonly id: string; readonly name: string };
}

/** The incident a tally amounts to. Evidence on a shared entity is not fused: it counts its best event. */
export function incidentOf(tally: Tally, { highest = 'none', ...before }: IncidentBefore = {}): Incident {
  const { scope, entity, day, first, last, events, matches, denied, datasets, kinds, lookups, indicators } = tally;
  const { previous, excepted, joined } = before;
  const score = excepted !== undefined ? 0 : entity.shared ? tally.best : fuse(tally.points, tally);
  const severity = severityOf(score);
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
    highest: SEVERITY_FLOOR[severity] > SEVERITY_FLOOR[highest] ? severity : highest,
    reason: incidentReason(tally, before),
    ...(previous === undefined ? {} : { previous }),
    ...(excepted === undefined ? {} : { excepted }),
    ...(joined === undefined ? {} : { joined: joined.id }),
  };
}

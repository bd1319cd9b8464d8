import { INCIDENTS } from '../elastic/names.ts';
import type { Incident } from '../model/incident.ts';
import { SEVERITY_FLOOR } from '../model/severity.ts';
import { isoTime } from '../model/time.ts';
import type { Related } from './event-context.ts';
import { date, entity, keyword, keywords, long, object, points, related, strict } from './mapping.ts';
import type { IndexKind } from './plain-index.ts';

const count = object({ name: keyword, count: long });

export const incidentIndex: IndexKind = {
  template: INCIDENTS,
  patterns: [INCIDENTS],
  mappings: strict({
    '@timestamp': date,
    event: object({ ...keywords('kind'), start: date, end: date, severity: long, risk_score: long }),
    related,
    minecanary: object({
      ...keywords('version', 'scope', 'day', 'severity', 'highest', 'reason', 'excepted', 'joined'),
      entity,
      incident: object(keywords('id', 'previous')),
      events: long,
      matches: long,
      denied: long,
      datasets: count,
      kinds: count,
      lookups: count,
      indicators: count,
      points,
      score: long,
      updated: date,
    }),
  }),
};

export type IncidentDocument = Readonly<Record<string, unknown>> & {
  readonly minecanary: Readonly<Record<string, unknown>>;
};

/** What is written of an incident. */
export interface IncidentContent {
  readonly incident: Incident;
  readonly related: Related;
  /** minecanary's own. */
  readonly version: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

export function toIncidentDocument({ incident, related: named, version, now }: IncidentContent): IncidentDocument {
  const { id, scope, entity: who, day, first, last, previous, score, ...rest } = incident;
  return {
    ...(last === undefined ? {} : { '@timestamp': last }),
    event: {
      kind: 'state',
      ...(first === undefined ? {} : { start: first }),
      ...(last === undefined ? {} : { end: last }),
      severity: SEVERITY_FLOOR[incident.severity],
      risk_score: score,
    },
    related: named,
    minecanary: {
      version,
      scope,
      day,
      entity: who,
      incident: { id, ...(previous === undefined ? {} : { previous }) },
      ...rest,
      score,
      updated: isoTime(now),
    },
  };
}

/** Equal but for when it was written, and by which version: two versions at work don't rewrite each other's. */
export function isSameIncident(old: IncidentDocument, fresh: IncidentDocument): boolean {
  const bare = ({ minecanary, ...rest }: IncidentDocument): string =>
    JSON.stringify({ ...rest, minecanary: { ...minecanary, updated: undefined, version: undefined } });
  return bare(old) === bare(fresh);
}

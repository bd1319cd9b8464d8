import { FRAMEWORK, SUBTECHNIQUE, TACTIC, TAGS, TECHNIQUE } from '../model/attack.ts';
import type { Incident } from '../model/incident.ts';
import { SEVERITY_FLOOR } from '../model/severity.ts';
import { isoTime } from '../model/time.ts';

const ECS_VERSION = '9.4.0';

/** What an alert says beside its incident. */
export interface AlertContext {
  readonly related: {
    readonly ip: readonly string[];
    readonly hosts: readonly string[];
    readonly user: readonly string[];
  };
  /** `event.category` of the events behind it. */
  readonly categories: readonly string[];
  readonly version: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

function named({ id, name, reference }: { id: string; name: string; reference: string }) {
  return { id: [id], name: [name], reference: [reference] };
}

/** The entity in the ECS field that Kibana's host, network and user pages read. */
function entityFields({ entity: { type, name } }: Incident): Record<string, unknown> {
  switch (type) {
    case 'host':
      return { host: { name } };
    case 'address':
      return { source: { ip: name, address: name } };
    case 'user':
      return { user: { name } };
    case 'text':
    case 'unknown':
      return { source: { address: name } };
  }
}

/** The immutable notice that an incident reached a severity, as an ECS alert document. */
export function toAlert(incident: Incident, { related, categories, version, now }: AlertContext) {
  const { severity, score, entity, reason, first, last } = incident;
  return {
    ...(last === undefined ? {} : { '@timestamp': last }),
    ecs: { version: ECS_VERSION },
    message: `Cryptomining on ${entity.name.slice(0, 256)} (${severity})`,
    event: {
      kind: 'alert',
      category: [...new Set(['intrusion_detection', ...categories])],
      type: ['info'],
      module: 'minecanary',
      dataset: 'minecanary.alert',
      severity: SEVERITY_FLOOR[severity],
      risk_score: score,
      ...(first === undefined ? {} : { start: first }),
      ...(last === undefined ? {} : { end: last }),
      ingested: isoTime(now),
      reason,
    },
    rule: {
      name: 'Cryptomining',
      description: 'Evidence of cryptomining on one entity in one UTC day reached this severity.',
      reference: SUBTECHNIQUE.reference,
      ruleset: 'minecanary',
      category: 'Resource Hijacking',
    },
    threat: {
      framework: FRAMEWORK,
      tactic: named(TACTIC),
      technique: { ...named(TECHNIQUE), subtechnique: named(SUBTECHNIQUE) },
    },
    related,
    ...entityFields(incident),
    tags: TAGS,
    minecanary: {
      version,
      scope: incident.scope,
      day: incident.day,
      entity,
      incident: { id: incident.id, ...(incident.previous === undefined ? {} : { previous: incident.previous }) },
      kind: incident.kinds.map(({ name }) => name),
      indicator: incident.indicators.map(({ name }) => name),
      lookup: incident.lookups.map(({ name }) => name),
      score,
      severity,
      reason,
    },
  };
}

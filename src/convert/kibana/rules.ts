import type { Lookup } from '../../lookups/parse.ts';
import { FRAMEWORK, SUBTECHNIQUE, TACTIC, TECHNIQUE } from '../../model/attack.ts';
import { SEVERITY_FLOOR } from '../../model/severity.ts';
import { PORTS } from '../esql/by-kind.ts';
import { EVENTS } from '../esql/parts.ts';
import { nameUuid } from '../export/uuid.ts';

/**
 * A detection rule of Kibana Security, as its import takes it. Source: `RuleToImport` and `SharedCreateProps` in
 * Kibana's published schemas of its API (rule_schemas.schema.yaml, common_attributes.schema.yaml).
 */
export interface DetectionRule {
  readonly rule_id: string;
  readonly name: string;
  readonly type: 'query' | 'esql';
  readonly language: 'kuery' | 'esql';
  readonly query: string;
  readonly enabled: false;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  readonly risk_score: number;
  readonly [further: string]: unknown;
}

const THREAT = [{ framework: FRAMEWORK, tactic: TACTIC, technique: [{ ...TECHNIQUE, subtechnique: [SUBTECHNIQUE] }] }];

/** What both rules say. They come disabled: whoever runs both, or the worker beside the second, sees doubles. */
const COMMON = {
  enabled: false,
  author: ['minecanary'],
  license: 'Apache-2.0',
  tags: ['Cryptomining', 'Tactic: Impact', 'Resources: Investigation Guide'],
  threat: THREAT,
  references: [TECHNIQUE.reference, SUBTECHNIQUE.reference],
  version: 1,
  to: 'now',
  actions: [],
  exceptions_list: [],
} as const;

/** Severities as Kibana maps them from our alerts. */
const SEVERITY_MAPPING = (['low', 'medium', 'high', 'critical'] as const).map((severity) => ({
  field: 'event.severity',
  operator: 'equals',
  severity,
  value: String(SEVERITY_FLOOR[severity]),
}));

const PROMOTION: DetectionRule = {
  ...COMMON,
  rule_id: nameUuid('kibana-rule', 'alerts'),
  name: 'Cryptomining found by minecanary',
  description:
    'Makes an alert of Kibana Security of each alert that minecanary raises: evidence of cryptomining on one entity ' +
    'in one UTC day reached a severity.',
  type: 'query',
  language: 'kuery',
  index: ['logs-minecanary.alert-*'],
  query: 'event.kind : "alert" and event.module : "minecanary"',
  filters: [],
  // Alerts are told apart by their id, so that looking back twice as far as needed makes none twice.
  interval: '1m',
  from: 'now-10m',
  max_signals: 1000,
  timestamp_override: 'event.ingested',
  rule_name_override: 'message',
  severity: 'medium',
  severity_mapping: SEVERITY_MAPPING,
  risk_score: SEVERITY_FLOOR.medium,
  risk_score_mapping: [{ field: 'event.risk_score', operator: 'equals', value: '' }],
  investigation_fields: {
    field_names: [
      'minecanary.reason',
      'minecanary.severity',
      'minecanary.score',
      'minecanary.entity.name',
      'minecanary.indicator',
      'minecanary.lookup',
      'related.ip',
      'related.hosts',
      'related.user',
    ],
  },
  false_positives: [
    'Research on mining, and honeypots: put them into exceptions.json, with a reason and a last day.',
    'Shared hosts (proxies, resolvers, NAT) that are not named in shared_hosts stand for whoever is behind them.',
    'Ports alone never make more than a low alert: each of them has honest uses.',
  ],
  note: `## What happened

\`minecanary.reason\` says in one sentence who did what, when, and by which lists. The risk score is that of the incident
when the alert was raised.

## Look closer

1. Open the incident: search \`minecanary-incidents\` for the \`minecanary.incident.id\` of the alert.
2. Open its evidence: search \`minecanary-matches-*\` for the same id. Each document names the event it was found in.
3. Is there evidence of two families, such as a pool's name and a miner's process? Then it is mining.
4. Is there a port alone, or an address alone? Look for the name behind it in DNS events of the same host.

## Respond

- Isolate the host, and keep memory and disk where the miner's process was seen: mining often comes with other access.
- Find how it came in: the parent of the process, scheduled tasks, new services, the user behind it.
- Deny the pools at the proxy and the resolver, and look who else asked for them.
`,
  setup:
    'Needs the worker of minecanary, which writes logs-minecanary.alert-*. Exclude `event.module: minecanary` from the rule External Alerts if that is enabled: it would make the same alerts again.',
};

/** The hunt of the article, for those who run without the worker. */
function portsRule(ports: readonly string[]): DetectionRule {
  return {
    ...COMMON,
    rule_id: nameUuid('kibana-rule', PORTS),
    name: 'Connection on a port that mining pools listen on',
    description:
      'A connection whose server or client port is one that mining pools listen on. A port alone is weak evidence: ' +
      'the worker of minecanary weighs it with names, addresses and processes; this rule is for those without it.',
    type: 'esql',
    language: 'esql',
    query: [
      `${EVENTS} METADATA _id, _index, _version`,
      '| EVAL server_port = TO_LONG(destination.port), client_port = TO_LONG(source.port)',
      // MV_APPEND knows nothing where one side is not known.
      '| EVAL mining_port = COALESCE(MV_APPEND(server_port, client_port), server_port, client_port)',
      '| MV_EXPAND mining_port',
      `| WHERE mining_port IN (${ports.join(', ')})`,
      '| DROP server_port, client_port',
    ].join('\n'),
    interval: '5m',
    from: 'now-10m',
    max_signals: 100,
    severity: 'low',
    severity_mapping: [],
    risk_score: SEVERITY_FLOOR.low,
    risk_score_mapping: [],
    investigation_fields: { field_names: ['source.ip', 'source.port', 'destination.ip', 'destination.port'] },
    false_positives: [
      'Each of these ports has honest uses, such as development servers on 8888 and IRC on 6666.',
      'A client takes its port by chance from a range that holds some of these on some systems.',
    ],
    note: `## What happened

A connection used one of the ports ${ports.join(', ')} on either side.

## Look closer

1. Is the other side outside, and does the connection last for hours with little traffic? Miners keep theirs open.
2. Which names did the host ask for before it? Pools have names.
3. Which process opened it?
`,
    setup: 'Leave it disabled beside the worker of minecanary, which looks for these ports too.',
  };
}

/** The rules, with the ports that the lookups list. */
export function detectionRules(lookups: readonly Lookup[]): readonly DetectionRule[] {
  const listed = lookups.find(({ name }) => name === PORTS)?.indicators.map(({ value }) => value) ?? [];
  const ports = listed.toSorted((a, b) => Number(a) - Number(b));
  return ports.length === 0 ? [PROMOTION] : [PROMOTION, portsRule(ports)];
}

/** NDJSON, as Kibana exports and imports rules. */
export function rulesText(lookups: readonly Lookup[]): string {
  return detectionRules(lookups)
    .map((rule) => `${JSON.stringify(rule)}\n`)
    .join('');
}

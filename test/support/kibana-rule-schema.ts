/**
 * What Kibana's import asks of a rule, as far as our rules go. Source: rule_schemas.schema.yaml,
 * common_attributes.schema.yaml and rule_to_import.ts of elastic/kibana (detection engine API, 2023-10-31). What is not
 * named there is refused here, though Kibana would let it pass.
 */
import { object, text } from './json-schema.ts';

const texts = { type: 'array', items: text } as const;
const score = { type: 'integer', minimum: 0, maximum: 100 } as const;
const severity = { enum: ['low', 'medium', 'high', 'critical'] } as const;
const dateMath = { type: 'string', pattern: '^now(-\\d+[smhd])?$' } as const;

const named = { id: text, name: text, reference: text };
const technique = object(named, { subtechnique: { type: 'array', items: object(named) } });

const common = {
  rule_id: text,
  name: text,
  description: text,
  risk_score: score,
  severity,
  type: { enum: ['query', 'esql'] },
  language: { enum: ['kuery', 'esql'] },
  query: text,
};
const optional = {
  rule_name_override: text,
  timestamp_override: text,
  timestamp_override_fallback_disabled: { type: 'boolean' },
  license: text,
  note: text,
  setup: { type: 'string' },
  investigation_fields: object({ field_names: { ...texts, minItems: 1 } }),
  version: { type: 'integer', minimum: 1 },
  tags: texts,
  enabled: { type: 'boolean' },
  risk_score_mapping: {
    type: 'array',
    items: object({ field: text, operator: { enum: ['equals'] }, value: { type: 'string' } }, { risk_score: score }),
  },
  severity_mapping: {
    type: 'array',
    items: object({ field: text, operator: { enum: ['equals'] }, severity, value: { type: 'string' } }),
  },
  interval: { type: 'string', pattern: '^[1-9]\\d*[smh]$' },
  from: dateMath,
  to: dateMath,
  actions: { type: 'array', maxItems: 0 },
  exceptions_list: { type: 'array', maxItems: 0 },
  author: texts,
  false_positives: texts,
  references: texts,
  max_signals: { type: 'integer', minimum: 1 },
  threat: {
    type: 'array',
    items: object({ framework: text, tactic: object(named) }, { technique: { type: 'array', items: technique } }),
  },
};

export const kibanaRuleSchema = {
  ...object(common, { ...optional, index: texts, filters: { type: 'array' } }),
  anyOf: [
    { properties: { type: { const: 'query' }, language: { const: 'kuery' } }, required: ['index'] },
    // An ES|QL rule names its indices in the query alone.
    { properties: { type: { const: 'esql' }, language: { const: 'esql' }, index: false, filters: false } },
  ],
} as const;

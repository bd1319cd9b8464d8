import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EcsFlat } from '@elastic/ecs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type DetectionRule, detectionRules } from '../../../src/convert/kibana/rules.ts';
import { SEVERITY_FLOOR } from '../../../src/model/severity.ts';
import { alertIndices } from '../../../src/sinks/alerts.ts';
import { ROOT } from '../../support/cli.ts';
import { HOSTILE } from '../../support/hostile.ts';
import { fieldsOf } from '../../support/kibana-fields.ts';
import { kibanaRuleSchema } from '../../support/kibana-rule-schema.ts';
import { lookupOf } from '../../support/tables.ts';

const RULES = readFileSync(join(ROOT, 'kibana/rules.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as DetectionRule);
const check = new Ajv2020({ strict: false, allErrors: true }).compile(kibanaRuleSchema);

function faults(rule: object): string[] {
  return check(rule) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Fields that an alert of a rule shows first. */
function shownBy(rule: DetectionRule | undefined): readonly string[] {
  const shown = rule?.['investigation_fields'] as { readonly field_names: readonly string[] } | undefined;
  return shown?.field_names ?? [];
}

describe('the rules', () => {
  test.each(RULES.map((rule) => [rule.name, rule] as const))('%s: Kibana would take it', (_, rule) => {
    expect(faults(rule)).toEqual([]);
  });

  test.each([{ type: 'query' }, { severity: 'urgent' }, { risk_score: 101 }, { index: ['logs-*'] }, { odd: 1 }])(
    'one with %j would be refused',
    (change) => {
      const [, ports] = RULES;
      expect(faults({ ...ports, ...change })).not.toEqual([]);
    },
  );

  test('come disabled, with the technique, a guide and what may be wrong', () => {
    expect(RULES).toHaveLength(2);
    for (const rule of RULES) {
      expect(rule).toMatchObject({
        enabled: false,
        threat: [{ tactic: { id: 'TA0040' }, technique: [{ id: 'T1496', subtechnique: [{ id: 'T1496.001' }] }] }],
        note: expect.stringMatching(/^## /),
      });
      expect(rule['false_positives']).not.toEqual([]);
    }
    expect(new Set(RULES.map((rule) => rule.rule_id)).size).toBe(2);
  });

  test('the promotion names fields that our alerts have, and each severity they may have', () => {
    const [rule] = RULES;
    const fields = new Set(fieldsOf(alertIndices.mappings.properties ?? {}));
    const mappings = rule?.['severity_mapping'] as {
      field: string;
      severity: keyof typeof SEVERITY_FLOOR;
      value: string;
    }[];
    const named = [
      ...shownBy(rule),
      ...mappings.map(({ field }) => field),
      'event.kind',
      'event.module',
      'event.risk_score',
      rule?.['timestamp_override'],
      rule?.['rule_name_override'],
    ];
    expect(named.filter((name) => !fields.has(String(name)))).toEqual([]);
    expect(mappings.map(({ severity, value }) => [severity, value])).toEqual(
      Object.entries(SEVERITY_FLOOR).flatMap(([name, floor]) => (name === 'none' ? [] : [[name, String(floor)]])),
    );
  });

  test('the hunt names the ports of the lookup, and fields of ECS', () => {
    const [, rule] = RULES;
    expect(rule?.query).toContain('IN (3333, 4444, 5555, 6666, 7777, 8888, 9999)');
    for (const name of shownBy(rule)) expect(EcsFlat).toHaveProperty([name]);
    const [, other] = detectionRules([lookupOf('port', [2], { name: 'sec-port-cryptomining' })]);
    expect(other?.query).toContain('IN (2)');
  });

  test('there is none of ports where no port is listed, and nothing of other lookups in any', () => {
    expect(detectionRules([])).toHaveLength(1);
    expect(detectionRules(HOSTILE.filter(({ name }) => name !== 'sec-port-cryptomining'))).toEqual(detectionRules([]));
  });
});

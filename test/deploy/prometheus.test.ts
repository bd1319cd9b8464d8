import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { promtool } from '../support/linters.ts';
import { metricNames } from '../support/metrics.ts';

const RULES = join(import.meta.dirname, '../../deploy/prometheus/minecanary.rules.yml');
const TESTS = join(import.meta.dirname, 'prometheus/minecanary.test.yml');
const RUNBOOK = join(import.meta.dirname, '../../docs/OPERATIONS.md');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}

const rules = (parse(readFileSync(RULES, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (one) => one.rules,
);

test('promtool reads the rules', () => {
  const { status, output } = promtool('check', 'rules', RULES);
  expect(output).toContain(`SUCCESS: ${rules.length} rules found`);
  expect(status).toBe(0);
});

test('they speak where they should, and are quiet while all is well', () => {
  expect(promtool('test', 'rules', TESTS)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
});

test('each is tried', () => {
  const tried = readFileSync(TESTS, 'utf8');
  for (const { alert } of rules) expect(tried).toContain(alert);
});

test('they ask for metrics that there are', async () => {
  const known = await metricNames();
  const asked = rules.flatMap(({ expr }) => expr.match(/minecanary_\w+/g) ?? []);
  expect(asked.filter((name) => !known.includes(name))).toEqual([]);
});

test('each has its entry in the runbook', () => {
  const page = readFileSync(RUNBOOK, 'utf8');
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook).toBe(`docs/OPERATIONS.md#${alert.toLowerCase()}`);
    expect(page).toMatch(new RegExp(`^### ${alert}$`, 'm'));
  }
});

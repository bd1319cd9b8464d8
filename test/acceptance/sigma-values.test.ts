import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { compile, createMatcher, type EventDocument, parseLookup } from '../../src/index.ts';
import { ROOT } from '../support/cli.ts';
import { describeReal } from './real-events.ts';

interface Rule {
  readonly title: string;
  readonly core_mining: boolean;
  readonly detection: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Asked {
  readonly field: string;
  readonly value: string;
}

/** Changes of clusters that run anything, and a suffix under which strangers have names. */
function isLeftOut(title: string, { value }: Asked): boolean {
  return title.startsWith('Azure ') || value === 'mooo.com';
}

/** Selections that a rule takes away from others. */
const TAKEN_AWAY = /^(?:filter|exclude)/;

/** An event that has the value where a rule with this field looks for it. */
function eventOf({ field, value }: Asked): EventDocument {
  const [name = '', modifier] = field.split('|');
  const client = { source: { ip: '10.0.0.1' } };
  if (name === 'DestinationHostname') return { ...client, destination: { domain: value } };
  if (name === 'query')
    return { ...client, dns: { question: { name: modifier === undefined ? value : `eu.${value}` } } };
  if (name === 'CommandLine') return { host: { name: 'web01' }, process: { command_line: `/tmp/a${value}b` } };
  if (/^a\d$/.test(name)) return { host: { name: 'web01' }, process: { args: ['/tmp/a', `${value}=5`] } };
  if (name.endsWith('agent'))
    return { ...client, user_agent: { original: modifier === undefined ? value : `${value}6` } };
  throw new Error(`No event has Sigma's field ${field}: add it to ${import.meta.filename}.`);
}

function askedBy({ detection }: Rule): Asked[] {
  return Object.entries(detection)
    .filter(([selection]) => selection !== 'condition' && !TAKEN_AWAY.test(selection))
    .flatMap(([, fields]) => Object.entries(fields))
    .flatMap(([field, values]) => [values].flat().map((value) => ({ field, value: String(value) })));
}

describeReal("values of Sigma's mining rules", (data) => {
  const today = new Date().toISOString().slice(0, 10);
  const folder = join(ROOT, 'lookups');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const lookups = files.flatMap((name) => parseLookup(readFileSync(join(folder, name), 'utf8'), name).lookup ?? []);
  const matcher = createMatcher(compile(lookups, today));
  const rules = JSON.parse(readFileSync(join(data, 'intel/sigma_mining_rules.json'), 'utf8')) as Rule[];
  const mining = rules.filter((rule) => rule.core_mining && !askedBy(rule).every((one) => isLeftOut(rule.title, one)));

  test.each(mining)('$title: whatever it looks for is found', (rule) => {
    const asked = askedBy(rule).filter((one) => !isLeftOut(rule.title, one));
    const missed = asked.filter((one) => matcher.match(eventOf(one)) === undefined);
    expect(missed).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { familiesOf, sourceNames } from '../../../src/setup/discover/families.ts';
import { guessKind } from '../../../src/setup/discover/kind.ts';
import { matches } from '../../../src/setup/install.ts';

describe('families', () => {
  test.each([
    [['logs-nginx.access-default', 'logs-zeek.dns-berlin', 'logs-app-1'], ['logs-*']],
    [['filebeat-9.1.0-2026.11.24-000001', 'filebeat-8.19.2'], ['filebeat-*']],
    [['firewall-2026.11.23', 'firewall-2026.11.24'], ['firewall-*']],
    [
      ['ids_eve_2026', 'proxy', 'app1', '2026.11.24'],
      ['2026.*', 'app1', 'ids_eve_*', 'proxy'],
    ],
    [['dns-v2', 'dns-prod-7'], ['dns-*']],
    [
      ['fw-1', 'fw-dmz-1', 'fwall'],
      ['fw-*', 'fwall'],
    ],
  ])('of %j are %j', (names, patterns) => {
    expect(familiesOf(names).map(({ pattern }) => pattern)).toEqual(patterns);
  });

  test('hold every name once, by a pattern for it', () => {
    const piece = fc.constantFrom('logs', 'fw', 'dns', 'a', '1', '2026', '11', 'v2', 'x1');
    const separator = fc.constantFrom('-', '.', '_');
    const name = fc
      .array(fc.tuple(piece, separator), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.map(([text, end], i) => (i < parts.length - 1 ? text + end : text)).join(''));
    fc.assert(
      fc.property(fc.uniqueArray(name), (names) => {
        const families = familiesOf(names);
        expect(families.flatMap((one) => one.names).toSorted()).toEqual(names.toSorted());
        for (const { pattern, names: own } of families) for (const one of own) expect(matches(pattern, one)).toBe(true);
      }),
    );
  });
});

test('names of sources are those the configuration allows, each once', () => {
  expect(sourceNames(['logs-*', 'Proxy EU', 'logs_*', 'logs', '.ünder', 'ids_eve_*', '*'])).toEqual([
    'logs',
    'proxy-eu',
    'logs-2',
    'logs-3',
    'nder',
    'ids_eve',
    'source',
  ]);
});

test.each([
  ['zeek.dns', [], 'DNS'],
  ['fortinet_fortigate.log', [], 'firewall'],
  ['windows.sysmon_operational', [], 'Sysmon'],
  ['system.security', [], 'Windows'],
  ['suricata.eve', [], 'IDS'],
  ['netflow.log', [], 'flows'],
  ['squid.log', [], 'proxy'],
  ['haproxy.log', [], 'load balancer'],
  ['nginx.access', [], 'web server'],
  ['app.orders', [], undefined],
  ['events', ['message', 'dns.question.name'], 'DNS'],
  ['events', ['message', 'source.ip'], 'network'],
])('%s with %j is guessed to be %s', (name, fields, kind) => {
  expect(guessKind(name, fields)).toBe(kind);
});

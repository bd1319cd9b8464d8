import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { exportLookups } from '../../../src/convert/export/formats.ts';
import { indicatorName } from '../../../src/model/indicator.ts';
import { HOSTILE, hostile } from '../../support/hostile.ts';
import { lookupOf, TODAY } from '../../support/tables.ts';

/** As the filter's own reader does: YAML 1.1, each key once. */
function dictionaryOf(text: string): Record<string, Record<string, string>> {
  return parse(text, { version: '1.1', uniqueKeys: true }) as never;
}

test('keys are texts, also ports, and each has what is known of it', () => {
  const port = lookupOf('port', [{ value: 3333, reference: 'https://example.org/?a: b #c' }], { provider: 'null' });
  const { text } = exportLookups([port], 'logstash', TODAY);
  expect(text).toContain('\n"3333": {');
  expect(dictionaryOf(text)).toEqual({
    3333: {
      kind: 'port',
      lookup: 'test-port',
      confidence: 'medium',
      provider: 'null',
      reference: 'https://example.org/?a: b #c',
    },
  });
});

test('hostile rows come back as they are, under their own keys', () => {
  const { text, rows, left_out: out } = exportLookups(HOSTILE, 'logstash', TODAY);
  const values = ['domain', 'port', 'address', 'process'] as const;
  const networks = new Set(['94.130.12.0/24', '2a01:4f8::/32']);
  const keys = values.flatMap((kind) => hostile(kind).indicators.map(indicatorName));
  const wanted = keys.filter((key) => !networks.has(key));
  expect(Object.keys(dictionaryOf(text)).sort()).toEqual(wanted.sort());
  expect(rows).toBe(wanted.length);
  expect(out).toContainEqual({ what: 'networks (CIDR), which the filter can not look up', rows: 2 });
});

test.each(['\u0007\u0085\u2028\ufeff', '🦜', '\ud800', '"\\\n', 'yes', ' x '])('a provider %j', (provider) => {
  const { text } = exportLookups([lookupOf('port', [1], { provider: `x${provider}` })], 'logstash', TODAY);
  expect(text).toMatch(/^[\n -~]*$/);
  expect(dictionaryOf(text)['1']?.['provider']).toBe(`x${provider}`.replace('\ud800', '\ufffd'));
});

test('of two rows of a value the surer stands, and the other is counted', () => {
  const low = lookupOf('domain', [{ value: 'minexmr.com', confidence: 'low' }], { name: 'a' });
  const high = lookupOf('domain', [{ value: 'minexmr.com', confidence: 'high' }], { name: 'b' });
  const { text, left_out: out } = exportLookups([low, high], 'logstash', TODAY);
  expect(dictionaryOf(text)['minexmr.com']).toMatchObject({ lookup: 'b', confidence: 'high' });
  expect(out).toEqual([{ what: 'values that another row has too', rows: 1 }]);
});

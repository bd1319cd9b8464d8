import { describe, expect, test } from '@jest/globals';
import { exportLookups } from '../../../src/convert/export/formats.ts';
import type { Lookup } from '../../../src/lookups/parse.ts';
import { makeOf } from '../../support/feeds.ts';
import { HOSTILE, hostile } from '../../support/hostile.ts';
import { lookupOf, TODAY } from '../../support/tables.ts';

interface StixObject {
  readonly id: string;
  readonly type: string;
  readonly pattern: string;
  readonly confidence?: number;
  readonly valid_from?: string;
  readonly valid_until?: string;
}

function bundleOf(...lookups: readonly Lookup[]): { readonly id: string; readonly objects: readonly StixObject[] } {
  return JSON.parse(exportLookups(lookups, 'stix', TODAY).text) as never;
}

function patternsOf(lookup: Lookup): string[] {
  return bundleOf(lookup)
    .objects.filter(({ type }) => type === 'indicator')
    .map(({ pattern }) => pattern);
}

/** The texts of a pattern, and what stands around them. */
function apart(pattern: string): { readonly texts: string[]; readonly frame: string } {
  const texts: string[] = [];
  const frame = pattern.replaceAll(/'((?:[^'\\]|\\.)*)'/gs, (_, text: string) => {
    texts.push(text.replaceAll(/\\(.)/gs, '$1'));
    return '?';
  });
  return { texts, frame };
}

describe('STIX', () => {
  test.each([
    ['domain', 'minexmr.com', "[domain-name:value = 'minexmr.com']"],
    ['address', '94.130.12.0/24', "[ipv4-addr:value ISSUBSET '94.130.12.0/24']"],
    ['port', 3333, '[network-traffic:dst_port = 3333] OR [network-traffic:src_port = 3333]'],
    ['url', 'example.org/m.js', "[url:value = 'https://example.org/m.js' OR url:value = 'http://example.org/m.js']"],
    ['process', 'a'.repeat(64), `[file:hashes.'SHA-256' = '${'a'.repeat(64)}']`],
    ['process', 'xmrig', "[process:image_ref.name = 'xmrig']"],
  ] as const)('%s %s', (kind, value, pattern) => {
    expect(patternsOf(lookupOf(kind, [value]))).toEqual([pattern]);
  });

  test('a text with wildcards is an expression that finds the same', () => {
    const { indicators } = hostile('command-line');
    for (const [i, pattern] of patternsOf(hostile('command-line')).entries()) {
      const [expression = '', ...excluded] = apart(pattern).texts.map((text) => text.replace('(?is)', ''));
      const { value = '', excludes = [] } = indicators[i] ?? {};
      const filled = value.replaceAll('*', ' any\nthing ').toUpperCase();
      expect(new RegExp(expression, 'is').test(`before ${filled} behind`)).toBe(true);
      expect(new RegExp(expression, 'is').test(value.replaceAll(/[a-z]/g, '_'))).toBe(false);
      expect(excluded.map((text) => text.replaceAll(/\\(.)/gs, '$1'))).toEqual(excludes);
    }
  });

  test('nothing in a row changes what stands around its texts', () => {
    expect(patternsOf(hostile('command-line')).map((pattern) => apart(pattern).frame)).toEqual([
      ...Array.from({ length: 9 }, () => '[process:command_line MATCHES ?]'),
      '[process:command_line MATCHES ? AND process:command_line NOT MATCHES ? AND process:command_line NOT MATCHES ?]',
      '[process:command_line MATCHES ? AND process:command_line NOT MATCHES ?]',
    ]);
    expect(new Set(patternsOf(hostile('url')).map((pattern) => apart(pattern).frame))).toEqual(
      new Set(['[url:value = ? OR url:value = ?]']),
    );
  });

  test('ids are the same in each export, and no two objects have one', () => {
    const one = bundleOf(...HOSTILE);
    const ids = one.objects.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(bundleOf(...HOSTILE.toReversed())).toEqual(one);
    expect(
      ids.every((id) => /^[a-z-]+--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
  });

  test('what it can not say is counted', () => {
    const { rows, left_out: out, unsaid } = exportLookups(HOSTILE, 'stix', TODAY);
    expect(rows).toBe(HOSTILE.reduce((sum, { indicators }) => sum + indicators.length, 0) - 12);
    expect(out).toEqual([
      { what: 'kind payload, for which STIX has no object', rows: 2 },
      { what: 'kind signature, for which STIX has no object', rows: 10 },
    ]);
    expect(unsaid).toContainEqual({ what: 'names below the listed one', rows: 16 });
  });

  test('an expired row is left out, and one that expires today is not', () => {
    const lookup = lookupOf('domain', [
      { value: 'old.org', expires: '2026-11-23' },
      { value: 'last.org', expires: TODAY },
    ]);
    const { rows, left_out: out } = exportLookups([lookup], 'stix', TODAY);
    expect({ rows, out }).toEqual({ rows: 1, out: [{ what: 'rows that have expired', rows: 1 }] });
  });

  test('a feed of it makes the rows it was made of', () => {
    const rows = [
      {
        value: '51.15.58.224',
        type: 'ipv4-addr' as const,
        note: "it's \\ a 'pool'",
        reference: 'https://example.org/a',
        first_seen: '2026-10-01',
        last_seen: '2026-11-01',
        expires: '2027-01-01',
      },
      {
        value: '94.130.12.7',
        type: 'ipv4-addr' as const,
        port: 3333,
        first_seen: '2026-10-01',
        transport: 'tcp' as const,
      },
      { value: '94.130.13.0/28', type: 'ipv4-addr' as const, first_seen: '2026-10-01' },
      { value: '2001:41d0::5', type: 'ipv6-addr' as const, port: 443, first_seen: '2026-10-01' },
    ];
    const text = exportLookups([lookupOf('address', rows)], 'stix', TODAY).text;
    const common = { confidence: 'medium', reference: 'https://example.org/' };
    expect(makeOf(text, { format: 'stix', kind: 'address' }).rows).toEqual(rows.map((row) => ({ ...common, ...row })));
  });

  test('URLs with words of the pattern in them come back', () => {
    const values = ["example.org/a' OR url:value = 'b", 'example.org/%_*?q=1&=2', 'example.org/x OR  y AND z'];
    const text = exportLookups([lookupOf('url', values)], 'stix', TODAY).text;
    const { rows } = makeOf(text, { format: 'stix', kind: 'url' });
    expect(rows.map(({ value }) => value)).toEqual(values);
  });
});

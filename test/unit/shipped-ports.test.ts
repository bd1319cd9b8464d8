import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { tells } from '../../scripts/curate/services.ts';

interface PortRow {
  readonly value: number;
  readonly confidence: string;
  readonly reference?: string;
  readonly note?: string;
}

function rowsOf(name: string): readonly PortRow[] {
  const text = readFileSync(new URL(`../../lookups/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly rows: readonly PortRow[] }).rows;
}

describe('further ports', () => {
  const rows = rowsOf('mining-ports-extended');
  const seven = rowsOf('sec-port-cryptomining').map(({ value }) => value);
  const ports = rows.map(({ value }) => value);

  test('are low, sorted, none of the seven, each told of by a page', () => {
    expect(ports).toEqual([...ports].sort((a, b) => a - b));
    expect(ports.filter((port) => seven.includes(port))).toEqual([]);
    for (const { confidence, reference, note } of rows) {
      expect(confidence).toBe('low');
      expect(reference).toMatch(/^https:\/\/[^/]+\/\S+$/);
      expect(note).toMatch(/\S/);
    }
  });

  test('are no other service, nor what clients take by chance, but for those of MinerGate and P2Pool', () => {
    const quiet = rows.filter(({ value }) => !tells(value));
    expect(quiet.filter(({ note }) => !/MinerGate|P2Pool/.test(note ?? ''))).toEqual([]);
    for (const port of [22, 80, 443, 1883, 2222, 3306, 8080, 9200, 32_768, 50_000]) expect(ports).not.toContain(port);
  });

  test.each([1800, 3353, 3384, 10_128, 10_343, 14_444, 20_128, 20_580, 45_700])('%s is among them', (port) => {
    expect(ports).toContain(port);
  });
});

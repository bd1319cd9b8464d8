/** Exports read by the libraries of their formats: stix2, pySigma, PyYAML. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type ExportFormat, exportLookups } from '../../src/convert/export/formats.ts';
import { loadLookups } from '../../src/feeds/load.ts';
import type { Lookup } from '../../src/lookups/parse.ts';
import { ROOT } from '../support/cli.ts';
import { HOSTILE, HOSTILE_GLOBS } from '../support/hostile.ts';
import { runPython } from '../support/python.ts';
import { TODAY } from '../support/tables.ts';

interface SigmaValue {
  readonly field: string | null;
  /** A text in pieces; null stands for a wildcard. */
  readonly parts: string | readonly (string | null)[];
}

interface SigmaRead {
  readonly issues: readonly string[];
  readonly rules: readonly {
    readonly title: string;
    readonly tags: readonly string[];
    readonly values: readonly SigmaValue[];
    readonly queries: readonly string[];
  }[];
}

function read(reader: 'stix' | 'sigma' | 'yaml', lookups: readonly Lookup[], format: ExportFormat): Promise<unknown> {
  const { text } = exportLookups(lookups, format, TODAY);
  return runPython(join(import.meta.dirname, 'exports/read.py'), [reader], text);
}

/** A glob as pySigma should have read it. */
function piecesOf(glob: string, ends: boolean): (string | null)[] {
  const inner = glob.split('*').flatMap((piece, i) => [...(i === 0 ? [] : [null]), ...(piece === '' ? [] : [piece])]);
  return ends ? [null, ...inner, null] : inner;
}

describe('exports are valid by the libraries of their formats', () => {
  const shipped = loadLookups([join(ROOT, 'lookups')]);

  test.each(['hostile', 'shipped'])('STIX by stix2: %s lookups', async (which) => {
    const lookups = which === 'hostile' ? HOSTILE : await shipped;
    const objects = (await read('stix', lookups, 'stix')) as readonly { readonly type: string }[];
    const { rows } = exportLookups(lookups, 'stix', TODAY);
    expect(objects.filter(({ type }) => type === 'indicator')).toHaveLength(rows);
    expect(objects.filter(({ type }) => type === 'attack-pattern')).toHaveLength(2);
  });

  test('Sigma by pySigma: the shipped lookups have no issue, and each rule becomes a query', async () => {
    const { issues, rules } = (await read('sigma', await shipped, 'sigma')) as SigmaRead;
    expect(issues).toEqual([]);
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ queries }) => queries.length === 0)).toEqual([]);
    expect(new Set(rules.flatMap(({ tags }) => tags))).toEqual(new Set(['attack.impact', 'attack.t1496.001']));
  });

  test('Sigma by pySigma: hostile texts are read as what they are', async () => {
    const { rules } = (await read('sigma', HOSTILE, 'sigma')) as SigmaRead;
    const values = (title: string): (string | readonly (string | null)[])[] =>
      rules.find((rule) => rule.title === title)?.values.map(({ parts }) => parts) ?? [];
    for (const glob of HOSTILE_GLOBS) {
      expect(values('Command Line Of Miner')).toContainEqual(piecesOf(glob, true));
      expect(values('User Agent Of Miner')).toContainEqual(piecesOf(glob, false));
      expect(values('IDS Signature On Mining')).toContainEqual(piecesOf(glob, false));
    }
    expect(values('Miner Started')).toContainEqual([null, '\\xm?rig']);
    expect(values('URL Of Miner')).toContainEqual([null, "://example.org/a' OR url:value = 'b", null]);
    expect(values('URL Of Miner')).toContainEqual([null, '://example.org/%_*?q=1&=2', null]);
  });

  test.each(['hostile', 'shipped'])(
    'a Logstash dictionary by PyYAML, which knows YAML 1.1: %s lookups',
    async (which) => {
      const lookups = which === 'hostile' ? HOSTILE : await shipped;
      const { rows } = exportLookups(lookups, 'logstash', TODAY);
      expect(Object.keys((await read('yaml', lookups, 'logstash')) as object)).toHaveLength(rows);
    },
  );
});

import { expect, test } from '@jest/globals';
import { array, assert, boolean, constantFrom, property, string } from 'fast-check';
import { esqlText, likeGlob } from '../../../src/convert/esql/text.ts';
import { globTable } from '../../../src/lookups/tables/glob.ts';
import { HOSTILE_GLOBS } from '../../support/hostile.ts';
import { lookupOf } from '../../support/tables.ts';

/** What ES|QL takes a quoted text for. */
function read(quoted: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, (_, letter: string) => named[letter] ?? letter);
}

/** What LIKE finds by a pattern: `*` any text, `?` any character, a backslash before what means itself. */
function likeFinds(pattern: string, text: string): boolean {
  const expression = pattern.replaceAll(/\\(.)|[*?]|[^*?\\]/gs, (piece, literal: string | undefined) =>
    piece === '*' ? '.*' : piece === '?' ? '.' : (literal ?? piece).replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&'),
  );
  return new RegExp(`^${expression}$`, 's').test(text);
}

test('a text in quotes ends where it should', () => {
  assert(
    property(string({ unit: 'grapheme' }), (text) => {
      const quoted = esqlText(text);
      expect(quoted).toMatch(/^"(?:[^"\\\n]|\\.)*"$/u);
      expect(read(quoted)).toBe(text);
    }),
  );
});

test.each(['anywhere', 'whole'] as const)('a pattern finds what the matcher finds: %s', (extent) => {
  const pieces = constantFrom(...HOSTILE_GLOBS, 'pool', 'miner', ' -o miner');
  const globs = array(pieces, { minLength: 1, maxLength: 3 }).map((list) => list.join('*'));
  let found = 0;
  assert(
    property(globs, string({ maxLength: 3 }), boolean(), (glob, around, upper) => {
      const [indicator] = lookupOf('command-line', [glob]).indicators;
      const table = globTable(indicator === undefined ? [] : [indicator], extent);
      const inner = glob.replaceAll('*', around);
      const text = `${around}${upper ? inner.toUpperCase() : inner}`;
      const expected = table.find(text).length > 0;
      if (expected) found += 1;
      expect(likeFinds(likeGlob(glob, extent), text.toLowerCase())).toBe(expected);
    }),
  );
  expect(found).toBeGreaterThan(10);
});

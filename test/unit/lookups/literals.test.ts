import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileLiterals } from '../../../src/lookups/literals.ts';

/** Few letters, so that texts overlap; one outside the first plane, of which a half is no letter of its own. */
const letters = fc.constantFrom('a', 'b', 'c', '😀', 'ü');
const word = (most: number) => fc.array(letters, { minLength: 1, maxLength: most }).map((some) => some.join(''));
const words = fc.uniqueArray(word(5), { minLength: 1, maxLength: 12 });
const text = fc.array(letters, { maxLength: 40 }).map((some) => some.join(''));

/** Where each literal first ends, looked for one by one. */
function firstEnds(literals: readonly string[], where: string): Map<number, number> {
  const ends = literals.map((literal, i) => [i, where.indexOf(literal) + literal.length] as const);
  return new Map(ends.filter(([i]) => where.includes(literals[i] ?? '')));
}

describe('compileLiterals', () => {
  test('finds what `includes` and `indexOf` find', () => {
    let found = 0;
    fc.assert(
      fc.property(words, text, (literals, where) => {
        const ends = compileLiterals(literals).find(where);
        found += ends.size;
        expect(new Map([...ends].sort(([a], [b]) => a - b))).toEqual(firstEnds(literals, where));
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(1000);
  });

  test('finds what stands within and behind another', () => {
    const literals = compileLiterals(['abcd', 'bc', 'c', 'cde', 'abcde', 'x']);
    expect(new Set(literals.find('zabcde').keys())).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(new Set(literals.find('bcd').keys())).toEqual(new Set([1, 2]));
    expect(literals.find('ABCD').size).toBe(0);
    expect(literals.find('').size).toBe(0);
  });

  test('of any text, also of broken pairs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }), (where, literal) => {
        expect(compileLiterals([literal]).find(where).has(0)).toBe(where.includes(literal));
      }),
    );
    expect(compileLiterals(['\ud83d']).find('😀').has(0)).toBe(true);
  });

  test('none at all finds nothing', () => {
    expect(compileLiterals([]).find('anything').size).toBe(0);
  });

  test('a thousand literals, each in the next, cost no more than a walk over a megabyte of them', () => {
    // Each place of the text is the end of a thousand: were they all told at each, it would be 10^9 steps.
    const literals = Array.from({ length: 1000 }, (_, i) => 'a'.repeat(i + 1));
    const ends = compileLiterals(literals).find('a'.repeat(1_000_000));
    expect(ends.size).toBe(1000);
    expect(ends.get(999)).toBe(1000);
  });
});

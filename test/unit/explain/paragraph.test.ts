import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { paragraph } from '../../../src/cli/paragraph.ts';

const letters = (some: string): string => some.replace(/[^a-z0-9]/gi, '');

describe('a paragraph', () => {
  test('is broken at blanks, with its margins', () => {
    const text = 'one two three four five six seven';
    expect(paragraph(text, { width: 24, indent: 2, hanging: 2 })).toBe(
      ['  one two three four', '    five six seven'].join('\n'),
    );
  });

  test('breaks within a word that is longer than a line', () => {
    expect(paragraph(`a ${'x'.repeat(45)} b`, { width: 20 })).toBe(
      ['a', 'x'.repeat(20), 'x'.repeat(20), 'xxxxx b'].join('\n'),
    );
  });

  test("can't be steered by what it holds", () => {
    expect(paragraph('a\u001b[31m\r\nb\u202e c', { width: 80 })).toBe('a [31m b  c');
  });

  test('is never wider than asked for, and loses no letter', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 30, max: 60 }),
        fc.nat(4),
        fc.nat(4),
        (text, width, indent, hanging) => {
          const lines = paragraph(text, { width, indent, hanging }).split('\n');
          for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(width);
          expect(letters(lines.join(''))).toBe(letters(text));
        },
      ),
    );
  });
});

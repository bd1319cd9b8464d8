import { describe, expect, test } from '@jest/globals';
import { BADGES, PLAIN, SECOND, SEVERITY_COLOUR } from '../../../src/convert/kibana/colours.ts';
import { SEVERITIES, severityOf } from '../../../src/model/severity.ts';

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

describe('colours', () => {
  test('each severity has its colour, by word and by score', () => {
    for (let score = 0; score < 100; score += 1) {
      const badge = BADGES.findLast(({ range }) => {
        const [low = NaN, high = NaN] = range.split(':').map(Number);
        return score >= low && score <= high;
      });
      expect(badge?.regex).toBe(`^${severityOf(score)}$`);
    }
    expect(SEVERITIES.map((word) => BADGES.filter(({ regex }) => new RegExp(regex).test(word)).length)).toEqual(
      SEVERITIES.map(() => 1),
    );
  });

  test.each([...Object.values(SEVERITY_COLOUR), PLAIN, SECOND])(
    '%s stands out on the panels of both themes',
    (colour) => {
      for (const ground of ['#ffffff', '#1d1e24']) expect(contrast(colour, ground)).toBeGreaterThan(3);
    },
  );

  test.each(BADGES)('the text of $regex can be read', ({ text, background }) => {
    expect(contrast(text, background)).toBeGreaterThan(4.5);
  });
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { costOfDictionary, costOfSweep, valuesOf } from '../../../src/sources/cost.ts';
import { halvesOf } from '../../../src/sources/halves.ts';
import type { Window } from '../../../src/sources/source.ts';

/** Whether a window covers a document that arrived, or where it does not say so was stamped, at a time. */
function covers(window: Window, time: number, arrived: boolean): boolean {
  if (window.by === 'rest') return false;
  const reach = window.by === 'arrival' && !arrived ? window.overlap : 0;
  return time >= window.range.from - reach && time < window.range.to;
}

const times = fc.integer({ min: 0, max: 100_000 });

describe('halves of a window', () => {
  test('have every document of it in exactly one', () => {
    fc.assert(
      fc.property(times, times, times, times, fc.boolean(), fc.boolean(), (a, b, overlap, time, arrived, stamped) => {
        const range = { from: Math.min(a, b), to: Math.max(a, b) };
        const window: Window = stamped ? { by: 'timestamp', range } : { by: 'arrival', range, overlap };
        const halves = halvesOf(window);
        if (halves === undefined) {
          expect(range.to - range.from).toBeLessThanOrEqual(1000);
          return;
        }
        const among = halves.filter((half) => covers(half, time, arrived)).length;
        expect(among).toBe(covers(window, time, arrived) ? 1 : 0);
      }),
    );
  });

  test('there are none of what has no length', () => {
    expect(halvesOf({ by: 'rest', after: 5 })).toBeUndefined();
  });
});

describe('the estimate of values', () => {
  test.each([
    ['as many as documents where each has its own', 1_000_000, { documents: 20_000, values: 20_000 }, 1_000_000],
    ['no more where all are known', 1_000_000, { documents: 20_000, values: 0 }, 0],
    ['those of the sample where it is the whole', 20_000, { documents: 20_000, values: 77 }, 77],
    ['none of nothing', 0, { documents: 0, values: 0 }, 0],
  ])('%s', (_, documents, sample, expected) => {
    expect(valuesOf(documents, sample)).toBeCloseTo(expected, 5);
  });

  test('is near what a day of names has', () => {
    // 249,742 questions of Zipf-distributed names have 88,315 names, their first 20,000 have 11,151.
    const estimate = valuesOf(249_742, { documents: 20_000, values: 11_151 });
    expect(Math.abs(estimate / 88_315 - 1)).toBeLessThan(0.2);
  });
});

test('a part of an index is swept, a whole one told by its list', () => {
  const sample = { documents: 20_000, values: 11_000 };
  const cheaper = (documents: number, all: number): boolean =>
    costOfDictionary(valuesOf(all, sample)) < costOfSweep(documents, valuesOf(documents, sample));
  expect(cheaper(1_000_000, 1_000_000)).toBe(true);
  expect(cheaper(20_000, 100_000_000)).toBe(false);
});

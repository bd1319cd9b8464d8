import { describe, expect, test } from '@jest/globals';
import { rangeOf, rangeWithin } from '../../../src/cli/range.ts';
import { ConfigError } from '../../../src/model/errors.ts';

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
const WEEK = 7 * 86_400_000;
const now = day('2026-11-24');

describe('--from and --to', () => {
  test('name a range of UTC, and none where neither is given', () => {
    expect(rangeOf({})).toBeUndefined();
    const range = { from: day('2026-11-01'), to: day('2026-11-08') + 36_000_000 };
    expect(rangeOf({ from: '2026-11-01', to: '2026-11-08T10:00:00Z' })).toEqual(range);
    expect(rangeOf({ from: '2026-11-01', to: '2026-11-08T12:00:00+02:00' })).toEqual(range);
  });

  test.each([
    [{ from: '2026-11-01' }, '--from and --to go together: --to is missing.'],
    [{ to: '2026-11-01' }, '--from and --to go together: --from is missing.'],
    [
      { from: '1790000000000', to: '2026-11-01' },
      '--from 1790000000000 is no ISO date or date-time, such as 2026-11-24.',
    ],
    [{ from: '2026-11-01', to: '2026-13-01' }, '--to 2026-13-01 is no ISO date or date-time, such as 2026-11-24.'],
    [
      { from: '2026-11-02', to: '2026-11-02' },
      '--from must lie before --to, and 2026-11-02T00:00:00.000Z does not lie before 2026-11-02T00:00:00.000Z.',
    ],
  ])('%j is refused', (options, message) => {
    expect(() => rangeOf(options)).toThrow(new ConfigError(message));
  });

  test('of a hunt default to the horizon up to now', () => {
    const defaults = { now, horizon: WEEK };
    expect(rangeWithin({}, defaults)).toEqual({ from: now - WEEK, to: now });
    expect(rangeWithin({ from: '2026-11-01' }, defaults)).toEqual({ from: day('2026-11-01'), to: now });
    expect(rangeWithin({ to: '2026-11-08' }, defaults)).toEqual({ from: day('2026-11-01'), to: day('2026-11-08') });
    expect(() => rangeWithin({ from: '2026-11-25' }, defaults)).toThrow(/^--from must lie before --to/);
  });
});

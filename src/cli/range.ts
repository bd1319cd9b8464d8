import { ConfigError } from '../model/errors.ts';
import { parseTime } from '../model/time.ts';
import type { TimeRange } from '../sources/source.ts';

/** `--from` and `--to` as they were typed. */
export interface RangeOptions {
  readonly from?: string;
  readonly to?: string;
}

/**
 * The range of the command line; undefined where it names none.
 *
 * @throws ConfigError where the dates are none, in the wrong order, or one is missing.
 */
export function rangeOf({ from, to }: RangeOptions): TimeRange | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined) {
    throw new ConfigError(`--from and --to go together: ${from === undefined ? '--from' : '--to'} is missing.`);
  }
  return inOrder({ from: timeOf('--from', from), to: timeOf('--to', to) });
}

/**
 * The range of the command line. Without an end it reaches up to `now`, without a beginning it is as long as the
 * horizon.
 *
 * @param now milliseconds since 1970 UTC.
 * @throws ConfigError where the dates are none, or in the wrong order.
 */
export function rangeWithin(
  options: RangeOptions,
  { now, horizon }: { readonly now: number; readonly horizon: number },
): TimeRange {
  const to = options.to === undefined ? now : timeOf('--to', options.to);
  return inOrder({ from: options.from === undefined ? to - horizon : timeOf('--from', options.from), to });
}

function timeOf(flag: string, text: string): number {
  const time = /^\d{4}-/.test(text) ? parseTime(text) : undefined;
  if (time === undefined) throw new ConfigError(`${flag} ${text} is no ISO date or date-time, such as 2026-11-24.`);
  return time;
}

function inOrder(range: TimeRange): TimeRange {
  if (range.from < range.to) return range;
  const [from, to] = [range.from, range.to].map((time) => new Date(time).toISOString());
  throw new ConfigError(`--from must lie before --to, and ${from} does not lie before ${to}.`);
}

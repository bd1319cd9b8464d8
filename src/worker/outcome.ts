import type { Failure } from '../sinks/matched.ts';
import type { EventCounts, Raised } from '../telemetry/work.ts';

/** What a pass counts. */
export interface Counts extends EventCounts, Raised {}

/** What came of a run: its counts, and the documents that could not be written. */
export interface Outcome extends Counts {
  /** Time of the passes, without start-up and setup. */
  readonly seconds: number;
  readonly failures: readonly Failure[];
  readonly refusals: readonly Failure[];
}

export const NOTHING_COUNTED: Counts = {
  seen: 0,
  candidates: 0,
  matched: 0,
  excepted: 0,
  tagged: 0,
  unchanged: 0,
  failed: 0,
  refused: 0,
  incidents: 0,
  alerts: 0,
};

export function addCounts(a: Counts, b: Counts): Counts {
  const names = Object.keys(NOTHING_COUNTED) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as unknown as Counts;
}

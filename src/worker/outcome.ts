import type { Failure } from '../sinks/matched.ts';

/** What a pass counts. */
export interface Counts {
  /** Documents in the windows that were read. */
  readonly seen: number;
  /** Documents the source handed over. */
  readonly candidates: number;
  /** Documents the matcher found evidence in. */
  readonly matched: number;
  /** Documents of which all evidence is excepted: neither tagged nor written. */
  readonly excepted: number;
  readonly tagged: number;
  /** Documents that matched and carried the tag already. */
  readonly unchanged: number;
  /** Documents that could not be read or written. */
  readonly failed: number;
  /** Documents that can't be tagged for good; their matches stand. */
  readonly refused: number;
  /** Incidents created or changed. */
  readonly incidents: number;
  /** Alerts created. */
  readonly alerts: number;
}

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

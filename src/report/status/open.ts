import type { UnitDocument } from '../../worker/unit.ts';

/** Entries of the ledger that a pass named, and that it has not settled since. Times are ISO 8601, UTC. */
export interface OpenSpan {
  readonly source: string;
  /** When the pass was completed last: what was noted up to then is settled. */
  readonly after?: string;
  /** When the pass began last. */
  readonly until: string;
}

/**
 * Where retryable failures are still open. A pass that could not write documents is not completed, and begins anew; the
 * ledger keeps what it named, under the time at which it began.
 */
export function openSpans(units: readonly UnitDocument[]): OpenSpan[] {
  return units.flatMap(({ source, attempts, started: until, completed: after }): OpenSpan[] => {
    if (attempts === 0 || until === undefined) return [];
    return [{ source, until, ...(after === undefined ? {} : { after }) }];
  });
}

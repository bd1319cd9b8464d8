/** What a pass counts of a source's events, as the worker's outcome names it. */
export interface EventCounts {
  readonly seen: number;
  readonly candidates: number;
  readonly matched: number;
  readonly excepted: number;
  readonly tagged: number;
  readonly unchanged: number;
  readonly failed: number;
  readonly refused: number;
}

/** Incidents written and alerts created. */
export interface Raised {
  readonly incidents: number;
  readonly alerts: number;
}

export interface EndedPass {
  /** Name of the source in the configuration. */
  readonly source: string;
  /** `incremental`, `sweep`, `retro-hunt` or `range`. */
  readonly pass: string;
  readonly seconds: number;
  /** False where it was stopped, and where it failed. */
  readonly complete: boolean;
}

/** A round of posting alerts. */
export interface Delivered {
  readonly acknowledged: number;
  readonly refused: number;
  /** Alerts that are still to be posted. */
  readonly waiting: number;
  /** Whether the receiver failed to acknowledge an alert that is to be posted again. */
  readonly failed: boolean;
}

/**
 * What a worker tells of its work while it goes on, for whoever watches. Nothing of an event is told: names stand in the
 * configuration, the rest are numbers.
 */
export interface WorkReport {
  /** The next run begins in so many milliseconds. */
  readonly waits: (milliseconds: number) => void;
  readonly runBegan: () => void;
  /** @param errors codes of what went wrong; none where the run ended well. */
  readonly runEnded: (errors: readonly string[]) => void;
  /** It reads or writes: a sign of life. */
  readonly works: () => void;
  /** @param now Elasticsearch's time, milliseconds since 1970 UTC. */
  readonly passBegan: (source: string, now: number) => void;
  readonly passEnded: (pass: EndedPass) => void;
  /** An error ended the work on it, or let no pass begin; not where another worker is at it. */
  readonly failed: (source: string) => void;
  /** What arrived before is settled. @param until milliseconds since 1970 UTC. */
  readonly settled: (source: string, until: number) => void;
  readonly counted: (source: string, counts: EventCounts) => void;
  readonly raised: (raised: Raised) => void;
  readonly delivered: (round: Delivered) => void;
}

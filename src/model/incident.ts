import type { Entity, FamilyPoints, Severity } from './match.ts';

/** The day of an incident: `YYYY-MM-DD` in UTC, or `unknown` for undated events. */
export type Day = string;
export const UNDATED: Day = 'unknown';

/** All evidence on one entity in one UTC day, recomputed from its match documents. */
export interface Incident {
  readonly id: string;
  readonly scope: string;
  readonly entity: Entity & { readonly id: string };
  readonly day: Day;
  /** ISO 8601, UTC, of the earliest and the latest event; absent where the day is unknown. */
  readonly first?: string;
  readonly last?: string;
  /** Number of match documents, that is of events. */
  readonly events: number;
  /** Number of matches over all events. */
  readonly matches: number;
  readonly denied: number;
  /** Events by value, most frequent first, then by name; as all of these lists. */
  readonly datasets: readonly Count[];
  readonly kinds: readonly Count[];
  readonly lookups: readonly Count[];
  readonly indicators: readonly Count[];
  readonly points: FamilyPoints;
  readonly score: number;
  readonly severity: Severity;
  /** The highest severity it ever reached; never falls. */
  readonly highest: Severity;
  /** One sentence: who did what, why it counts. */
  readonly reason: string;
  /** Id of the entity's incident on an earlier day, if there is one. */
  readonly previous?: string;
  /** Why none of it counts, where exceptions say so: its score is 0. */
  readonly excepted?: string;
  /** Id of the incident that its evidence counts in: that of the only host name that claims its address. */
  readonly joined?: string;
}

export interface Count {
  readonly name: string;
  readonly count: number;
}

import type { Indicator } from '../../model/indicator.ts';

/** What an export does not carry, and of how many rows. */
export interface Loss {
  readonly what: string;
  readonly rows: number;
}

/** A set of lookups in the words of another product. */
export interface Exported {
  readonly text: string;
  /** How many rows stand in it. */
  readonly rows: number;
  /** Rows that are not in it, by the reason. */
  readonly left_out: readonly Loss[];
  /** What the rows in it lost, because the format has no place for it. */
  readonly unsaid: readonly Loss[];
}

/** Counts by what they are of. */
export interface Tally {
  add(what: string): void;
  /** In the order in which they first came. */
  losses(): readonly Loss[];
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    losses: () => [...counts].map(([what, rows]) => ({ what, rows })),
  };
}

/** Whether a row has what a loss is of. */
type Has = (indicator: Indicator) => boolean;

const HAS: Readonly<Record<string, Has>> = {
  'whether confidence is medium or high': ({ confidence }) => confidence !== 'low',
  licence: () => true,
  'provider, licence and reference of each row': () => true,
  category: ({ category }) => category !== undefined,
  note: ({ note }) => note !== undefined,
  'first and last sighting': ({ first_seen, last_seen }) => (first_seen ?? last_seen) !== undefined,
  expiry: ({ expires }) => expires !== undefined,
  transport: ({ transport }) => transport !== undefined,
  excludes: ({ excludes }) => excludes !== undefined,
  params: ({ params }) => params !== undefined,
  'names below the listed one': ({ kind }) => kind === 'domain',
  'URLs that go on behind the listed one, and hosts below': ({ kind }) => kind === 'url',
};
export type Said = keyof typeof HAS;

/** The losses of rows, of what a format has no place for. */
export function unsaid(rows: readonly Indicator[], what: readonly Said[]): readonly Loss[] {
  return what
    .map((name) => ({ what: name, rows: rows.filter((row) => HAS[name]?.(row) === true).length }))
    .filter((loss) => loss.rows > 0);
}

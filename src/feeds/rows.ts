import type { Feed } from '../model/feed.ts';
import { isoTime } from '../model/time.ts';
import type { LookupRow } from '../schema/lookup.ts';
import type { Draft } from './formats/draft.ts';
import { rowOf } from './row.ts';

/** What became of the values of a feed. */
export interface Rows {
  readonly rows: readonly LookupRow[];
  /** Values that are not what their feed says they are. */
  readonly bad: number;
  /** The first few of them, with what is wrong. */
  readonly examples: readonly string[];
  /** Good values of another kind, or without any word of `only`. */
  readonly other: number;
  readonly duplicates: number;
  readonly expired: number;
}

const MOST_EXAMPLES = 5;
const DAY_MS = 86_400_000;

/**
 * The rows of a lookup, in normal form, each value once, from the values of a feed.
 *
 * @param before the rows made of the feed last time: what has no date keeps its expiry for half of its time.
 * @param today YYYY-MM-DD, UTC.
 */
export function rowsOf(drafts: readonly Draft[], feed: Feed, before: readonly LookupRow[], today: string): Rows {
  const known = new Map(before.map((row) => [rowKey(row), row]));
  const rows = new Map<string, LookupRow>();
  const words = feed.only?.map((word) => word.toLowerCase());
  const counts = { bad: 0, other: 0, duplicates: 0, expired: 0 };
  const examples: string[] = [];
  for (const draft of drafts) {
    const wanted = words === undefined || draft.labels.some((label) => holdsAny(label.toLowerCase(), words));
    const made = wanted ? rowOf(draft, feed, today) : undefined;
    if (made === undefined) {
      counts.other += 1;
    } else if ('fault' in made) {
      counts.bad += 1;
      if (examples.length < MOST_EXAMPLES) examples.push(made.fault);
    } else {
      const key = rowKey(made.row);
      const row = dated(made.row, known.get(key), feed, today);
      const twin = rows.get(key);
      if (row.expires !== undefined && row.expires < today) counts.expired += 1;
      else if (twin === undefined) rows.set(key, row);
      else {
        counts.duplicates += 1;
        rows.set(key, joined(twin, row));
      }
    }
  }
  return { rows: [...rows.values()], examples, ...counts };
}

/** Renews the expiry of rows that are still listed, where it is theirs by the feed's `expires` alone. */
export function renewed(rows: readonly LookupRow[], feed: Feed, today: string): LookupRow[] {
  return rows.map((row) => {
    const { expires: _, ...undated } = row;
    return isUndated(row) ? dated(undated, row, feed, today) : row;
  });
}

/** Rows with the same key are one indicator. */
export function rowKey({ value, port }: LookupRow): string {
  return `${value} ${port ?? ''}`;
}

function holdsAny(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}

function isUndated({ first_seen, last_seen }: LookupRow): boolean {
  return first_seen === undefined && last_seen === undefined;
}

/**
 * With the day it expires on. Where the feed gives no sighting, that is counted from today, but kept as it was for half
 * of its time: else every row would change, and be searched for anew, each day.
 */
function dated(row: LookupRow, known: LookupRow | undefined, { expires }: Feed, today: string): LookupRow {
  if (expires === undefined || row.expires !== undefined) return row;
  const sighted = row.last_seen ?? row.first_seen;
  if (sighted !== undefined) return { ...row, expires: dayAfter(sighted, expires) };
  const kept = known !== undefined && isUndated(known) ? known.expires : undefined;
  const full = dayAfter(today, expires);
  const least = dayAfter(today, expires / 2);
  return { ...row, expires: kept !== undefined && kept >= least && kept <= full ? kept : full };
}

function dayAfter(day: string, milliseconds: number): string {
  const days = Math.min(Math.floor(milliseconds / DAY_MS), 3650);
  return isoTime(Date.parse(day) + days * DAY_MS).slice(0, 10);
}

/** One row of two sightings of a value. */
function joined(one: LookupRow, other: LookupRow): LookupRow {
  const days = (name: 'first_seen' | 'last_seen' | 'expires') =>
    [one[name], other[name]].filter((day) => day !== undefined).sort();
  const [first] = days('first_seen');
  const last = days('last_seen').at(-1);
  const expires = days('expires').at(-1);
  return {
    ...one,
    ...(first === undefined ? {} : { first_seen: first }),
    ...(last === undefined ? {} : { last_seen: last }),
    ...(expires === undefined ? {} : { expires }),
  };
}

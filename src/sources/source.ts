import type { LearnedTable } from '../lookups/learned.ts';
import type { EventDocument } from '../model/event.ts';
import type { Place } from '../model/place.ts';

/** An event that a source hands over, because it may match. */
export interface Candidate {
  readonly event: EventDocument;
  /** Milliseconds since 1970 UTC, where the source knows the event's time better than its text; else undefined. */
  readonly time: number | undefined;
  readonly place: Place;
}

/** Half-open range of milliseconds since 1970 UTC. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Which documents of a source a read covers. */
export type Window =
  /** By arrival: `event.ingested` where present, else the timestamp, reaching back by `overlap` milliseconds. */
  | { readonly by: 'arrival'; readonly range: TimeRange; readonly overlap: number }
  /** By the stored timestamp alone. */
  | { readonly by: 'timestamp'; readonly range: TimeRange }
  /** What no range by arrival up to `after` covers: no date at all, or one in the future. */
  | { readonly by: 'rest'; readonly after: number };

/**
 * Reads events. A source over-fetches and never under-fetches: every document of the window that matches is among the
 * candidates, each once. Raises a SourceError rather than hand over part of a window as the whole.
 */
export interface Source {
  readonly name: string;
  /** Number of documents in the window. */
  count(window: Window, options?: ReadOptions): Promise<number>;
  /** Those of the documents that are still there, as they are now. */
  reread(places: readonly Place[]): Promise<readonly Candidate[]>;
  /** Candidates, a page at a time, in no order. */
  read(window: Window, options?: ReadOptions): AsyncIterable<readonly Candidate[]>;
}

export interface ReadOptions {
  /** `full` reads every document of the window; `auto` lets Elasticsearch narrow them down. */
  readonly plan?: 'auto' | 'full';
  /** Leaves out what the worker tagged under this lookup digest. */
  readonly skipTaggedUnder?: string;
  /** Addresses that count besides the lookups. */
  readonly learned?: LearnedTable;
  /** Narrows down to what may match by a learned address, and leaves out the rest. */
  readonly learnedOnly?: boolean;
}

import type { Query } from '../convert/candidates.ts';
import { type Group, INGESTED } from './groups.ts';
import type { TimeRange, Window } from './source.ts';

const NOTHING: Query = { match_none: {} };

function within(field: string, { from, to }: TimeRange): Query {
  return { range: { [field]: { gte: from, lt: to, format: 'epoch_millis' } } };
}

function not(...clauses: Query[]): Query {
  return { bool: { must_not: clauses } };
}

function all(...filter: Query[]): Query {
  return { bool: { filter } };
}

function any(...should: Query[]): Query {
  return { bool: { should, minimum_should_match: 1 } };
}

/** The documents of a group that a window covers. */
export function windowQuery(window: Window, { timestamp, ingested }: Group, field: string): Query {
  const hasIngested: Query = { exists: { field: INGESTED } };
  switch (window.by) {
    case 'timestamp':
      return timestamp ? within(field, window.range) : NOTHING;
    case 'arrival': {
      const { range, overlap } = window;
      const byTime = timestamp ? within(field, { from: range.from - overlap, to: range.to }) : NOTHING;
      return ingested ? any(within(INGESTED, range), all(not(hasIngested), byTime)) : byTime;
    }
    case 'rest': {
      const future = (name: string): Query => ({ range: { [name]: { gte: window.after, format: 'epoch_millis' } } });
      const unplaced = timestamp ? any(not({ exists: { field } }), future(field)) : { match_all: {} };
      return ingested ? any(future(INGESTED), all(not(hasIngested), unplaced)) : unplaced;
    }
  }
}

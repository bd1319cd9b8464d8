import type { Client, estypes } from '@elastic/elasticsearch';
import { type CompositeBucket, compositeBuckets } from '../elastic/composite.ts';
import { sinkError } from '../elastic/errors.ts';
import { MATCHES } from '../elastic/names.ts';
import type { Exceptions } from '../lookups/exceptions.ts';
import { MOST_PHRASES } from '../matcher/sentence.ts';
import { joinTallies, MOST_COUNTS, type Phrase, type Tally } from '../matcher/tally.ts';
import type { Count } from '../model/incident.ts';
import type { Entity } from '../model/match.ts';
import type { Related } from './event-context.ts';
import { exceptedClauses, type Remainder, readRemainders } from './excepted.ts';
import type { MatchDocument } from './match-document.ts';

/** A tally with what an alert says beside it. */
export interface ReadTally extends Tally {
  readonly related: Related;
  readonly categories: readonly string[];
  /** Why none of it counts. */
  readonly excepted?: string;
}

/** Incidents of one request. */
export const MOST_INCIDENTS = 1000;
const MOST_RELATED = 50;

const terms = (field: string, size: number): estypes.AggregationsAggregationContainer => ({ terms: { field, size } });
const max = (field: string): estypes.AggregationsAggregationContainer => ({ max: { field } });

const AGGREGATIONS: Record<string, estypes.AggregationsAggregationContainer> = {
  first: { min: { field: '@timestamp' } },
  last: max('@timestamp'),
  matches: { sum: { field: 'minecanary.count' } },
  denied: { filter: { term: { 'minecanary.denied': true } } },
  best: max('minecanary.score'),
  name: max('minecanary.points.name'),
  network: max('minecanary.points.network'),
  host: max('minecanary.points.host'),
  content: max('minecanary.points.content'),
  strong: { filter: { term: { 'minecanary.strong': true } } },
  conclusive: { filter: { term: { 'minecanary.conclusive': true } } },
  datasets: terms('event.dataset', MOST_COUNTS),
  kinds: terms('minecanary.kind', MOST_COUNTS),
  lookups: terms('minecanary.lookup', MOST_COUNTS),
  indicators: terms('minecanary.indicator', MOST_COUNTS),
  ranked: {
    terms: { field: 'minecanary.ranked', size: MOST_PHRASES, order: { _key: 'desc' } },
    aggs: { first: { min: { field: '@timestamp' } }, last: max('@timestamp') },
  },
  categories: terms('event.category', MOST_COUNTS),
  ips: terms('related.ip', MOST_RELATED),
  hosts: terms('related.hosts', MOST_RELATED),
  users: terms('related.user', MOST_RELATED),
  head: {
    // A host's own document, where it took in those of its address.
    top_hits: {
      size: 1,
      _source: ['minecanary.scope', 'minecanary.entity', 'minecanary.day'],
      sort: [{ 'minecanary.entity.type': 'desc' }],
    },
  },
};

function value(bucket: Readonly<Record<string, unknown>>, name: string): number | undefined {
  return (bucket[name] as { value?: number | null } | undefined)?.value ?? undefined;
}

function docCount(bucket: CompositeBucket, name: string): number {
  return (bucket[name] as { doc_count: number }).doc_count;
}

function counts(bucket: CompositeBucket, name: string): Count[] {
  const { buckets } = bucket[name] as { buckets: readonly { key: string; doc_count: number }[] };
  return buckets
    .map(({ key, doc_count: count }) => ({ name: key, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function keys(bucket: CompositeBucket, name: string): string[] {
  return counts(bucket, name).map(({ name: key }) => key);
}

function phrases(bucket: CompositeBucket): Phrase[] {
  const { buckets } = bucket['ranked'] as {
    buckets: readonly (Omit<CompositeBucket, 'key'> & { readonly key: string })[];
  };
  const found = buckets.map((one) => ({
    text: one.key,
    first: value(one, 'first'),
    last: value(one, 'last'),
  }));
  return found.sort((a, b) => (a.text < b.text ? 1 : -1));
}

function toTally(bucket: CompositeBucket): ReadTally {
  const head = (bucket['head'] as estypes.AggregationsTopHitsAggregate).hits.hits[0]?._source as MatchDocument;
  const { scope, entity, day } = head.minecanary;
  const { id: _, ...bare } = entity;
  const number = (name: string): number => value(bucket, name) ?? 0;
  return {
    scope,
    entity: bare satisfies Entity,
    day,
    first: value(bucket, 'first'),
    last: value(bucket, 'last'),
    events: bucket.doc_count,
    matches: number('matches'),
    denied: docCount(bucket, 'denied'),
    datasets: counts(bucket, 'datasets'),
    kinds: counts(bucket, 'kinds'),
    lookups: counts(bucket, 'lookups'),
    indicators: counts(bucket, 'indicators'),
    phrases: phrases(bucket),
    points: { name: number('name'), network: number('network'), host: number('host'), content: number('content') },
    best: number('best'),
    strong: docCount(bucket, 'strong') > 0,
    conclusive: docCount(bucket, 'conclusive') > 0,
    related: { ip: keys(bucket, 'ips'), hosts: keys(bucket, 'hosts'), user: keys(bucket, 'users') },
    categories: keys(bucket, 'categories'),
  };
}

/**
 * Adds up the match documents of incidents, as far as they were refreshed and no exception holds for them. An incident
 * without match documents is left out.
 */
export async function readTallies(
  client: Client,
  incidents: readonly string[],
  exceptions: Exceptions,
): Promise<Map<string, ReadTally>> {
  const tallies = new Map<string, ReadTally>();
  try {
    const filter = [{ terms: { 'minecanary.incident.id': [...incidents] } }];
    const request = {
      index: `${MATCHES}-*`,
      query: { bool: { filter, must_not: exceptedClauses(exceptions) } },
      keys: { incident: 'minecanary.incident.id' },
      size: MOST_INCIDENTS,
      aggs: AGGREGATIONS,
    };
    for await (const bucket of compositeBuckets(client, request)) {
      tallies.set(String(bucket.key['incident']), toTally(bucket));
    }
    for (const [id, remainder] of await readRemainders(client, incidents, exceptions)) {
      tallies.set(id, withRemainder(tallies.get(id), remainder));
    }
    for (const [id, tally] of tallies) {
      const excepted = exceptions.excepted({ entity: tally.entity, matches: [] });
      if (excepted !== undefined) tallies.set(id, { ...tally, excepted });
    }
    return tallies;
  } catch (error) {
    throw sinkError('Adding up match documents', error);
  }
}

function withRemainder(tally: ReadTally | undefined, { reasons, related, categories, ...rest }: Remainder): ReadTally {
  if (tally !== undefined) {
    const named = (of: keyof Related): string[] => [...new Set([...tally.related[of], ...related[of]])];
    return {
      ...tally,
      ...joinTallies(tally, rest.tally),
      related: { ip: named('ip'), hosts: named('hosts'), user: named('user') },
      categories: [...new Set([...tally.categories, ...categories])],
    };
  }
  const excepted = rest.tally.events === 0 ? { excepted: [...reasons].sort().join('; ') } : {};
  return { ...rest.tally, related, categories, ...excepted };
}

/** That an entity has evidence, or an alert, on a day. */
export interface EntityDay {
  readonly entity: string;
  readonly day: string;
}

/** The days of some entities within a range of days, `YYYY-MM-DD`. */
export interface DaysRequest {
  readonly index: string;
  readonly entities: readonly string[];
  readonly days: { readonly gte: string; readonly lt: string };
  readonly aggs?: Record<string, estypes.AggregationsAggregationContainer>;
}

/** On which days each of the entities has documents, in order of entity and day. */
export async function readDays(client: Client, request: DaysRequest): Promise<(EntityDay & CompositeBucket)[]> {
  const { index, entities, days, aggs } = request;
  const filter = [{ terms: { 'minecanary.entity.id': [...entities] } }, { range: { 'minecanary.day': days } }];
  const found: (EntityDay & CompositeBucket)[] = [];
  const buckets = compositeBuckets(client, {
    index,
    query: { bool: { filter } },
    keys: { entity: 'minecanary.entity.id', day: 'minecanary.day' },
    size: 10_000,
    ...(aggs === undefined ? {} : { aggs }),
  });
  for await (const bucket of buckets) {
    found.push({ ...bucket, entity: String(bucket.key['entity']), day: String(bucket.key['day']) });
  }
  return found;
}

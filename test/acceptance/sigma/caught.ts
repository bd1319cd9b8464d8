/** Runs Sigma's queries over events in a real Elasticsearch. */
import type { Client } from '@elastic/elasticsearch';
import { type Labelled, placeOf } from '../real-events.ts';
import { sigmaDocument } from './fields.ts';
import type { SigmaQuery } from './queries.ts';

/** Lucene's longest term, in bytes, is 32766; a character has at most three. */
const LONGEST = 10_000;
const PER_BULK = 1000;
const MOST_DOCUMENTS = 10_000;

/**
 * Titles of the rules that catch an event, by its place. Of each event, the fields that queries read are indexed as
 * keywords in lower case, as Sigma's comparisons take no account of case. Leaves the index behind.
 */
export async function caughtBy(
  client: Client,
  index: string,
  queries: readonly SigmaQuery[],
  events: readonly Labelled[],
): Promise<Map<string, Set<string>>> {
  const fields = [...new Set(queries.flatMap((query) => query.fields))];
  await createIndex(client, index, fields);
  for (let at = 0; at < events.length; at += PER_BULK) {
    const operations = events
      .slice(at, at + PER_BULK)
      .flatMap((one) => [{ index: { _id: placeOf(one) } }, sigmaDocument(one.event, fields)]);
    const { errors, items } = await client.bulk({ index, operations });
    if (errors) throw new Error(JSON.stringify(items.find((item) => item.index?.error !== undefined)));
  }
  await client.indices.refresh({ index });
  const caught = new Map<string, Set<string>>();
  for (const { rule, query } of queries) {
    const { hits } = await client.search({
      index,
      size: MOST_DOCUMENTS,
      _source: false,
      query: { query_string: { query, analyze_wildcard: true, lenient: true } },
    });
    for (const { _id } of hits.hits) caught.set(String(_id), (caught.get(String(_id)) ?? new Set()).add(rule));
  }
  return caught;
}

async function createIndex(client: Client, index: string, fields: readonly string[]): Promise<void> {
  const keyword = { type: 'keyword', normalizer: 'lower', ignore_above: LONGEST } as const;
  await client.indices.create({
    index,
    settings: {
      number_of_shards: 1,
      number_of_replicas: 0,
      analysis: { normalizer: { lower: { type: 'custom', filter: ['lowercase'] } } },
    },
    // Names with dots are names here, so that `tls` may be a text in one event and an object in another.
    mappings: {
      dynamic: 'strict',
      subobjects: false,
      properties: Object.fromEntries(fields.map((field) => [field, keyword])),
    },
  });
}

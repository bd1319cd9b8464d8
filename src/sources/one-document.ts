import type { Client } from '@elastic/elasticsearch';
import { sourceError } from '../elastic/errors.ts';
import type { Policy } from '../model/policy.ts';
import { findGroups } from './groups.ts';
import { readPages } from './pages.ts';
import type { Candidate } from './source.ts';

/** Indices that are named where a document is in several. */
const MOST_INDICES = 10;

/**
 * The concrete indices that hold a document of this id, at most ten. A document that was just written is found once its
 * index has been refreshed.
 *
 * @param index names, aliases, data streams or patterns, parted by commas.
 * @throws SourceError where Elasticsearch refuses, or an index that is named without a wildcard does not exist.
 */
export async function findDocument(client: Client, index: string, id: string): Promise<readonly string[]> {
  try {
    const { hits } = await client.search({
      index,
      query: { ids: { values: [id] } },
      _source: false,
      size: MOST_INDICES,
      allow_partial_search_results: false,
    });
    return [...new Set(hits.hits.map((found) => found._index))].sort();
  } catch (error) {
    throw sourceError(`Looking for document ${id} in ${index}`, error);
  }
}

/**
 * A document as the worker reads it: the whole `_source`, what of it only the index knows, and its time as the index has
 * it. Undefined where it is gone, or its index is one of minecanary's own.
 *
 * @param index concrete.
 * @throws SourceError where Elasticsearch refuses.
 */
export async function readDocument(
  client: Client,
  { index, id }: { readonly index: string; readonly id: string },
  policy: Policy,
): Promise<Candidate | undefined> {
  const groups = await findGroups(client, [index], policy);
  try {
    for (const group of groups) {
      for await (const page of readPages(client, group, { ids: { values: [id] } }, policy.timestamp)) {
        const [found] = page;
        if (found !== undefined) return found;
      }
    }
    return undefined;
  } catch (error) {
    throw sourceError(`Reading document ${id} of ${index}`, error);
  }
}

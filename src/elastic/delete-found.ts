import type { Client } from '@elastic/elasticsearch';
import { SinkError } from '../model/errors.ts';
import { bulk } from './bulk.ts';
import { type PagesRequest, searchPages } from './search-pages.ts';

/**
 * Deletes what a query finds in one index. Documents that are gone meanwhile count as nothing.
 *
 * @returns number of documents deleted.
 * @throws SinkError where one can't be deleted.
 */
export async function deleteFound(
  client: Client,
  index: string,
  query: NonNullable<PagesRequest['query']>,
): Promise<number> {
  let deleted = 0;
  for await (const page of searchPages(client, { index, query, _source: false })) {
    const outcomes = await bulk(
      client,
      page.map(({ _id = '' }) => ({ action: { delete: { _index: index, _id } } })),
    );
    const refused = outcomes.find((outcome) => 'reason' in outcome);
    if (refused !== undefined) {
      throw new SinkError(`Deleting from ${index} failed: ${refused.reason}`, {
        code: 'sink_failed',
        retryable: refused.result === 'retryable',
      });
    }
    deleted += outcomes.filter(({ result }) => result === 'deleted').length;
  }
  return deleted;
}

import type { Client } from '@elastic/elasticsearch';
import { refusalOfError } from './errors.ts';

/** The most Elasticsearch gives in one answer. */
const PAGE = 10_000;
const TIMEOUT = '30s';
/** Half of a character beyond U+FFFF: shards and the node that puts their answers together sort them differently. */
const SURROGATE = /[\ud800-\udfff]/;

/**
 * Tells every value that a keyword field has in an index, of whatever document, from the index's own list of terms: what
 * it costs follows the values and not the documents.
 *
 * @param take given each value, in the order of the list.
 * @returns how many values were told; undefined where there may be more that were not: the answer was cut short, the
 * order of the values is unsure, or the server does not offer it.
 * @throws where asking again may help.
 */
export async function indexedTerms(
  client: Client,
  index: string,
  field: string,
  take: (value: string) => void,
): Promise<number | undefined> {
  let count = 0;
  let asked: Promise<readonly string[] | undefined> | undefined = termsAfter(client, index, field, undefined);
  while (asked !== undefined) {
    const page: readonly string[] | undefined = await asked;
    if (page === undefined) return undefined;
    const last: string | undefined = page.length < PAGE ? undefined : page.at(-1);
    if (last !== undefined && SURROGATE.test(last)) return undefined;
    // The next answer is on its way while this one is gone over.
    asked = last === undefined ? undefined : termsAfter(client, index, field, last);
    asked?.catch(() => undefined);
    page.forEach(take);
    count += page.length;
  }
  return count;
}

async function termsAfter(
  client: Client,
  index: string,
  field: string,
  after: string | undefined,
): Promise<readonly string[] | undefined> {
  try {
    const { terms, complete, _shards } = await client.termsEnum({
      index,
      field,
      size: PAGE,
      timeout: TIMEOUT,
      ...(after === undefined ? {} : { search_after: after }),
    });
    return complete && _shards.failed === 0 ? terms : undefined;
  } catch (error) {
    // Whatever is wrong with it for good, the values can be read another way.
    if (refusalOfError(error) === 'retryable') throw error;
    return undefined;
  }
}

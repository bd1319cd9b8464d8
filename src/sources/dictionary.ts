import type { Client } from '@elastic/elasticsearch';
import { anyOf, type FieldFacts, type Query, sweptAt } from '../convert/candidates.ts';
import { indexedTerms } from '../elastic/dictionary.ts';
import { count } from './count.ts';

/**
 * Clauses that find the documents of an index whose values of a field may match: goes over the index's own list of the
 * field's values and keeps those that the matcher would take an indicator from.
 *
 * The list has every value that a search can find, so it leaves out nothing. But a server may tell nothing of an index
 * and not say so, as Elasticsearch does where a role sees only some of its documents; so a list that is empty counts
 * only where no document of the window has the field.
 *
 * @returns undefined where the list may not be whole; the values have to be read from the documents then.
 */
export async function dictionaryClauses(
  client: Client,
  index: string,
  within: Query,
  facts: FieldFacts,
  isListed: (path: string, value: string) => boolean,
): Promise<Query[] | undefined> {
  const { path } = facts;
  const at = sweptAt(facts) ?? path;
  const listed: string[] = [];
  const told = await indexedTerms(client, index, at, (value) => {
    if (isListed(path, value)) listed.push(value);
  });
  if (told === undefined) return undefined;
  if (told === 0 && (await count(client, [index], having(within, at), 1)) > 0) return undefined;
  return anyOf(at, listed);
}

function having(within: Query, field: string): Query {
  return { bool: { filter: [within, { exists: { field } }] } };
}

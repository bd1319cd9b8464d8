import type { Client } from '@elastic/elasticsearch';
import { anyOf, type FieldFacts, type Query } from '../convert/candidates.ts';
import { compositeBuckets } from '../elastic/composite.ts';

/** Distinct values of one answer. */
const VALUES_PER_PAGE = 50_000;

/**
 * Clauses that find the documents whose value of a field may match: reads the distinct values within a query and keeps
 * those that the matcher would take an indicator from.
 *
 * @param isListed whether a value of this field may match, decided by the matcher itself.
 */
export async function sweepClauses(
  client: Client,
  index: string[],
  within: Query,
  { path }: FieldFacts,
  isListed: (value: string) => boolean,
): Promise<Query[]> {
  const listed: string[] = [];
  const request = { index, query: within, keys: { value: path }, size: VALUES_PER_PAGE };
  for await (const { key } of compositeBuckets(client, request)) {
    const value = String(key['value']);
    if (isListed(value)) listed.push(value);
  }
  return anyOf(path, listed);
}

import type { Client } from '@elastic/elasticsearch';
import { chooseStrategy, existsClause, ignoredClause, type Query, termsClauses } from '../convert/candidates.ts';
import type { Sifter } from '../matcher/sift.ts';
import type { Group } from './groups.ts';
import { sweepClauses } from './sweep.ts';

/** Windows of fewer documents are read whole: that costs less than asking many fields. */
const SMALL_WINDOW = 1000;

export function namesOf({ indices }: Group): string[] {
  return indices.map(({ name }) => name);
}

/** Number of documents a query finds, exactly, or up to `limit`. */
export async function count(client: Client, index: string[], query: Query, limit: number | true): Promise<number> {
  const response = await client.search({
    index,
    size: 0,
    query,
    track_total_hits: limit,
    allow_partial_search_results: false,
  });
  const { total } = response.hits;
  return typeof total === 'number' ? total : (total?.value ?? 0);
}

/**
 * The query for the candidates among the documents `within`: never fewer than match, by one strategy a field. A field
 * that can't be asked makes it the whole of `within`.
 */
export async function narrow(client: Client, group: Group, within: Query, sifter: Sifter): Promise<Query> {
  const names = namesOf(group);
  if (group.hidden || (await count(client, names, within, SMALL_WINDOW)) < SMALL_WINDOW) return within;
  const should: Query[] = [];
  for (const facts of group.fields) {
    switch (chooseStrategy(facts)) {
      case 'scan':
        return within;
      case 'exists':
        should.push(existsClause(facts));
        break;
      case 'terms':
        should.push(...termsClauses(facts, sifter.tables));
        break;
      case 'sweep':
        should.push(
          ...(await sweepClauses(client, names, within, facts, (value) => sifter.mayMatch({ [facts.path]: value }))),
        );
        break;
    }
  }
  if (should.length === 0) return { match_none: {} };
  should.push(ignoredClause(group.fields.map(({ path }) => path)));
  return { bool: { filter: [within], should, minimum_should_match: 1 } };
}

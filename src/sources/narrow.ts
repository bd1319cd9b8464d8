import type { Client } from '@elastic/elasticsearch';
import {
  chooseStrategy,
  existsClause,
  type FieldFacts,
  ignoredClause,
  mayHoldFarAddress,
  phraseClauses,
  type Query,
  termsClauses,
} from '../convert/candidates.ts';
import type { LearnedTable } from '../lookups/learned.ts';
import type { Sifter } from '../matcher/sift.ts';
import type { Group } from './groups.ts';
import { sweepClauses } from './sweep.ts';

/** Reading so few documents costs less than asking many fields. */
export const SMALL_WINDOW = 1000;

export function namesOf({ indices }: Group): string[] {
  return indices.map(({ name }) => name);
}

/** Number of documents a query finds, exactly, or up to `limit`; an index that is gone has none. */
export async function count(client: Client, index: string[], query: Query, limit: number | true): Promise<number> {
  const response = await client.search({
    index,
    size: 0,
    query,
    track_total_hits: limit,
    ignore_unavailable: true,
    allow_partial_search_results: false,
  });
  const { total } = response.hits;
  return typeof total === 'number' ? total : (total?.value ?? 0);
}

/** What may stand in `_source` for the text of a keyword: `3333.0` is indexed as it is written, and read as a number. */
function valuesOf(text: string): (string | number)[] {
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? [text, Number(text)] : [text];
}

export interface NarrowBy {
  readonly sifter: Sifter;
  /** Addresses that count besides what the sifter knows. */
  readonly learned: LearnedTable;
  /** Asks only the fields that may hold a learned address; the sifter knows nothing then. */
  readonly learnedOnly: boolean;
  /** Windows of fewer documents are read whole. */
  readonly smallWindow: number;
  /** Fields whose values may be in `_source` alone, as `_ignored` would name them, mapped or not. */
  readonly ignorable: readonly string[];
}

/**
 * The query for the candidates among the documents `within`: never fewer than match, by one strategy a field. A field
 * that can't be asked makes it the whole of `within`, as does a small window.
 */
export async function narrow(client: Client, group: Group, within: Query, by: NarrowBy): Promise<Query> {
  const { sifter, learned, smallWindow, ignorable } = by;
  const names = namesOf(group);
  if (group.hidden || (await count(client, names, within, smallWindow)) < smallWindow) return within;
  const fields = by.learnedOnly ? group.fields.filter(mayHoldFarAddress) : group.fields;
  const asked = fields.filter((facts) => chooseStrategy(facts) === 'terms').length;
  const should: Query[] = [ignoredClause(ignorable)];
  const swept: FieldFacts[] = [];
  for (const facts of fields) {
    switch (chooseStrategy(facts)) {
      case 'scan':
        return within;
      case 'exists':
        should.push(existsClause(facts));
        break;
      case 'phrase':
        should.push(...phraseClauses(facts, sifter.tables));
        break;
      case 'terms':
        should.push(...termsClauses(facts, sifter.tables, asked, learned.addresses));
        break;
      case 'sweep':
        swept.push(facts);
        break;
    }
  }
  const isListed = (path: string, text: string): boolean =>
    valuesOf(text).some((value) => sifter.mayHold(path, value, learned));
  should.push(...(await sweepClauses(client, names, within, swept, isListed)));
  return { bool: { filter: [within], should, minimum_should_match: 1 } };
}

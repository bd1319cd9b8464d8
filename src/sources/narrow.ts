import type { Client } from '@elastic/elasticsearch';
import {
  chooseStrategy,
  existsClause,
  ignoredClause,
  phraseClauses,
  type Query,
  termsClauses,
} from '../convert/candidates.ts';
import { dictionaryClauses } from './dictionary.ts';
import { type GroupPlan, isListable, type NarrowBy, namesOf } from './plan.ts';
import { sweepClauses } from './sweep.ts';

/** What may stand in `_source` for the text of a keyword: `3333.0` is indexed as it is written, and read as a number. */
function valuesOf(text: string): (string | number)[] {
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? [text, Number(text)] : [text];
}

/**
 * The query for the candidates among the documents `within`: never fewer than match, by one strategy a field, as
 * planned. A plan to read all makes it the whole of `within`.
 */
export async function narrow(client: Client, plan: GroupPlan, within: Query, by: NarrowBy): Promise<Query> {
  if (plan.whole !== undefined) return within;
  const { sifter, learned, ignorable } = by;
  const facts = plan.fields.map((one) => one.facts);
  const asked = facts.filter((one) => chooseStrategy(one) === 'terms').length;
  const should: Query[] = [ignoredClause(ignorable)];
  for (const one of facts) {
    switch (chooseStrategy(one)) {
      case 'scan':
        return within;
      case 'exists':
        should.push(existsClause(one));
        break;
      case 'phrase':
        should.push(...phraseClauses(one, sifter.tables));
        break;
      case 'terms':
        should.push(...termsClauses(one, sifter.tables, asked, learned.addresses));
        break;
      case 'sweep':
        break;
    }
  }
  const isListed = (path: string, text: string): boolean =>
    valuesOf(text).some((value) => sifter.mayHold(path, value, learned));
  should.push(...(await valueClauses(client, plan, within, isListed)));
  return { bool: { filter: [within], should, minimum_should_match: 1 } };
}

/** The values of the swept fields, from each index's own lists where that is planned and they are whole. */
async function valueClauses(
  client: Client,
  { group, fields, listed }: GroupPlan,
  within: Query,
  isListed: (path: string, value: string) => boolean,
): Promise<Query[]> {
  const swept = fields.map(({ facts }) => facts).filter((facts) => chooseStrategy(facts) === 'sweep');
  const clauses: Query[] = [];
  const rest = namesOf(group).filter((name) => !listed.includes(name));
  if (rest.length > 0) clauses.push(...(await sweepClauses(client, rest, within, swept, isListed)));
  for (const index of listed) {
    const unlisted = swept.filter((facts) => !isListable(facts));
    for (const facts of swept.filter(isListable)) {
      const found = await dictionaryClauses(client, index, within, facts, isListed);
      if (found === undefined) unlisted.push(facts);
      else clauses.push(...found);
    }
    clauses.push(...(await sweepClauses(client, [index], within, unlisted, isListed)));
  }
  return clauses;
}

import type { Client } from '@elastic/elasticsearch';
import {
  chooseStrategy,
  type FieldFacts,
  mayHoldFarAddress,
  type Query,
  type Strategy,
  termsClauses,
} from '../convert/candidates.ts';
import type { LearnedTable } from '../lookups/learned.ts';
import type { Sifter } from '../matcher/sift.ts';
import { costOfDictionary, costOfReading, costOfSweep, costOfTerms } from './cost.ts';
import { count } from './count.ts';
import type { Group } from './groups.ts';
import { type IndexSize, sizesOf } from './sizes.ts';

/** Reading so few documents costs less than asking many fields. */
export const SMALL_WINDOW = 1000;
/** The values of so few documents are read from these: asking how many there are would cost as much. */
export const SMALL_SWEEP = 20_000;

export interface NarrowBy {
  readonly sifter: Sifter;
  /** Addresses that count besides what the sifter knows. */
  readonly learned: LearnedTable;
  /** Asks only the fields that may hold a learned address; the sifter knows nothing then. */
  readonly learnedOnly: boolean;
  /** Windows of fewer documents are read whole. */
  readonly smallWindow: number;
  /** The values of fewer documents are read from these. */
  readonly smallSweep: number;
  /** Fields whose values may be in `_source` alone, as `_ignored` would name them, mapped or not. */
  readonly ignorable: readonly string[];
}

/** `dictionary`: as `sweep`, but the distinct values come from the index's own list of them. */
export type Way = Strategy | 'dictionary';

export interface FieldChoice {
  readonly facts: FieldFacts;
  readonly way: Way;
  /** Estimate, in milliseconds. */
  readonly cost: number;
  readonly why: string;
}

/** How a window of a group is read. */
export interface GroupPlan {
  readonly group: Group;
  /** In the window, at least: no more than the choice needs are counted. */
  readonly documents: number;
  /** Why every document is read; undefined where only candidates are. */
  readonly whole?: string;
  readonly fields: readonly FieldChoice[];
  /** Indices whose own lists of values are gone over. */
  readonly listed: readonly string[];
  /** Estimate, in milliseconds, without the candidates. */
  readonly cost: number;
}

export function namesOf({ indices }: Group): string[] {
  return indices.map(({ name }) => name);
}

const number = (value: number): string => Math.round(value).toLocaleString('en');

/** Chooses by what the mapping allows and by what each way would cost. Only reads. */
export async function planGroup(client: Client, group: Group, within: Query, by: NarrowBy): Promise<GroupPlan> {
  const names = namesOf(group);
  const enough = Math.max(by.smallWindow, by.smallSweep);
  const documents = await count(client, names, within, enough);
  const facts = by.learnedOnly ? group.fields.filter(mayHoldFarAddress) : group.fields;
  const whole = whyWhole(group, facts, documents, by);
  if (whole !== undefined) {
    const fields = facts.map((one): FieldChoice => ({ facts: one, way: 'scan', cost: 0, why: whole }));
    return { group, documents, whole, fields, listed: [], cost: costOfReading(documents) };
  }
  const swept = facts.filter((one) => chooseStrategy(one) === 'sweep');
  const sizes = documents < by.smallSweep || swept.length === 0 ? [] : await sizesOf(client, names, within, swept);
  const listed = sizes.filter((one) => costsLessListed(one, swept)).map(({ index }) => index);
  const fields = facts.map((one) => choose(one, { facts, documents, sizes, listed, by }));
  return { group, documents, fields, listed, cost: fields.reduce((sum, { cost }) => sum + cost, 0) };
}

/** A plan in a sentence, for the log. */
export function planLine({ group, documents, whole, fields, cost }: GroupPlan): string {
  const [first = '', ...more] = namesOf(group);
  const where = more.length === 0 ? first : `${first} and ${more.length} indices like it`;
  const how = whole === undefined ? fields.map(({ facts, way }) => `${facts.path} by ${way}`).join(', ') : whole;
  return `${where}, ${number(documents)} documents or more, about ${number(cost)} ms: ${how}`;
}

function whyWhole(
  { hidden }: Group,
  facts: readonly FieldFacts[],
  documents: number,
  { smallWindow }: NarrowBy,
): string | undefined {
  if (hidden) return 'fields may stand in the documents alone: objects that are not parsed, or new fields not mapped';
  const unsearchable = facts.find((one) => chooseStrategy(one) === 'scan');
  if (unsearchable !== undefined) return `${unsearchable.path} is neither indexed nor has doc values`;
  return documents < smallWindow ? `fewer than ${number(smallWindow)} documents` : undefined;
}

/** Only of plain keywords the list of terms is known to be that of the values. */
export function isListable({ type, keyword }: FieldFacts): boolean {
  return type === 'keyword' || keyword !== undefined;
}

function costsLessListed({ documents, values }: IndexSize, swept: readonly FieldFacts[]): boolean {
  let [list, sweep] = [0, 0];
  for (const facts of swept.filter(isListable)) {
    const { here = 0, all = 0 } = values.get(facts.path) ?? {};
    list += costOfDictionary(all);
    sweep += costOfSweep(documents, here);
  }
  return list < sweep;
}

interface Known {
  readonly facts: readonly FieldFacts[];
  readonly documents: number;
  readonly sizes: readonly IndexSize[];
  readonly listed: readonly string[];
  readonly by: NarrowBy;
}

function choose(facts: FieldFacts, known: Known): FieldChoice {
  const way = chooseStrategy(facts);
  const { documents } = known;
  switch (way) {
    case 'terms':
      return { facts, way, ...termsChoice(facts, known) };
    case 'sweep':
      return sweepChoice(facts, known);
    case 'phrase':
      return { facts, way, cost: costOfTerms(1, 0), why: 'a text of which the names of methods can be asked for' };
    case 'exists':
      return { facts, way, cost: costOfReading(documents), why: `${whyExists(facts)}; at most, where all have it` };
    case 'scan':
      return { facts, way, cost: costOfReading(documents), why: 'neither indexed nor with doc values' };
  }
}

function termsChoice(facts: FieldFacts, { facts: all, by }: Known): Pick<FieldChoice, 'cost' | 'why'> {
  const asked = all.filter((one) => chooseStrategy(one) === 'terms').length;
  const clauses = termsClauses(facts, by.sifter.tables, asked, by.learned.addresses);
  const values = clauses.flatMap(({ terms }) => Object.values(terms ?? {}).flat() as unknown[]);
  const networks = values.filter((value) => String(value).includes('/')).length;
  const exact = values.length - networks;
  const why = clauses.some(({ exists }) => exists !== undefined)
    ? 'more networks than a query bears: every document that has it is read'
    : `${number(exact)} listed values${networks === 0 ? '' : ` and ${number(networks)} networks`}`;
  return { cost: costOfTerms(exact, networks), why };
}

function sweepChoice(facts: FieldFacts, { documents, sizes, listed }: Known): FieldChoice {
  if (sizes.length === 0) {
    return {
      facts,
      way: 'sweep',
      cost: costOfSweep(documents, documents),
      why: 'few documents: their values are read',
    };
  }
  const isListed = ({ index }: IndexSize): boolean => isListable(facts) && listed.includes(index);
  let [cost, values] = [0, 0];
  for (const size of sizes) {
    const { here = 0, all = 0 } = size.values.get(facts.path) ?? {};
    cost += isListed(size) ? costOfDictionary(all) : costOfSweep(size.documents, here);
    values += isListed(size) ? all : here;
  }
  const lists = sizes.filter(isListed).length;
  const how =
    lists === sizes.length
      ? 'told by the index itself'
      : lists === 0
        ? 'read from the documents'
        : `told by ${lists} of ${sizes.length} indices themselves, else read from the documents`;
  return { facts, way: lists > 0 ? 'dictionary' : 'sweep', cost, why: `about ${number(values)} values, ${how}` };
}

function whyExists({ nested, type, normalizer, searchable, aggregatable }: FieldFacts): string {
  if (nested !== undefined) return `a value of ${nested}, which is nested, tells nothing of the object it stands in`;
  if (normalizer !== undefined) return `its normalizer ${normalizer} changes more than case`;
  if (type === 'flattened') return 'a value inside a flattened field';
  if (!searchable) return 'not indexed';
  if (!aggregatable) return `a ${type} without doc values or a keyword beside it`;
  return `a ${type}, whose values don't tell what was written`;
}

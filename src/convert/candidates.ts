import type { estypes } from '@elastic/elasticsearch';
import { parseAddress } from '../lookups/address.ts';
import type { Tables } from '../lookups/compile.ts';
import { urlHost } from '../lookups/tables/url.ts';
import type { CatalogueField } from '../matcher/catalogue.ts';

/** A clause of Elasticsearch's query DSL. */
export type Query = NonNullable<estypes.SearchRequest['query']>;

/** What Elasticsearch knows of a catalogue field in a group of indices. */
export interface FieldFacts {
  /** Path in the source, which may be a name of its own. */
  readonly path: string;
  readonly entry: CatalogueField;
  /** Mapped type; of a value inside a `flattened` field, `flattened`. */
  readonly type: string;
  readonly searchable: boolean;
  readonly aggregatable: boolean;
  /** Innermost `nested` ancestor. */
  readonly nested?: string;
  /** A text split into words at JSON's punctuation: a phrase finds a name in it. */
  readonly splits?: true;
  /** What changes the values of a keyword before they are indexed. */
  readonly normalizer?: string;
  /** A keyword beside it that holds the same values. */
  readonly keyword?: string;
}

/**
 * How the documents that may match by a field are found:
 * `terms` ask for the indicators' values; `phrase` for the methods of a payload in a text; `sweep` match the field's
 * distinct values here and ask for those; `exists` read every document that has the field; `scan` read every document.
 */
export type Strategy = 'terms' | 'phrase' | 'sweep' | 'exists' | 'scan';

const NUMBERS = new Set(['long', 'integer', 'unsigned_long']);
const KEYWORDS = new Set(['keyword', 'constant_keyword', 'wildcard']);
const HOSTS = new Set(['address', 'host', 'answer']);

/**
 * CIDRs become one clause each, of which a query bears 8,192 in all on a small heap; where the fields ask for more than
 * this, the documents that have a field are read instead.
 */
const MOST_NETWORKS = 4000;
/** Values of one `terms` clause; Elasticsearch's limit is 65,536. */
const MOST_TERMS = 60_000;

/** Kinds whose case tells something. */
const CASED = new Set<CatalogueField['kind']>(['url', 'payload', 'encoded-payload']);

export function chooseStrategy(facts: FieldFacts): Strategy {
  const { type, entry, searchable, aggregatable, nested, splits } = facts;
  const readable = searchable || aggregatable ? 'exists' : 'scan';
  // A value tells nothing of the object it stands in.
  if (nested !== undefined) return readable;
  if (searchable && entry.kind === 'port' && NUMBERS.has(type)) return 'terms';
  if (searchable && HOSTS.has(entry.kind) && type === 'ip') return 'terms';
  if (searchable && entry.kind === 'payload' && splits === true) return 'phrase';
  return sweptAt(facts) === undefined ? readable : 'sweep';
}

/** The path at which the distinct values of a field can be read as they are, or but for their case where it is nothing. */
export function sweptAt({ path, type, entry, searchable, aggregatable, normalizer, keyword }: FieldFacts) {
  if (!KEYWORDS.has(type)) return keyword;
  const faithful = normalizer === undefined || (normalizer === 'lowercase' && !CASED.has(entry.kind));
  return searchable && aggregatable && faithful ? path : undefined;
}

/** Clauses that find the texts in which a call of one of the methods may stand: `"method"`, and a name of one. */
export function phraseClauses({ path }: FieldFacts, { byKind }: Tables): Query[] {
  const phrase = (words: string): Query => ({ match_phrase: { [path]: words } });
  const methods = [...new Set(byKind.payload.indicators.map(({ value }) => value))];
  if (methods.length === 0) return [];
  return [{ bool: { filter: [phrase('method')], should: methods.map(phrase), minimum_should_match: 1 } }];
}

const ADDRESSED = new Set<CatalogueField['kind']>(['address', 'host', 'url']);

/** Whether a field may hold an address that somebody connected to. */
export function mayHoldFarAddress({ entry: { kind, side } }: FieldFacts): boolean {
  return side !== 'none' && ADDRESSED.has(kind);
}

/**
 * Clauses of which a document that may match by this field meets at least one.
 *
 * @param fields number of fields that the query asks for terms.
 * @param learned addresses that count besides the tables.
 */
export function termsClauses(
  facts: FieldFacts,
  { byKind }: Tables,
  fields: number,
  learned: ReadonlySet<string>,
): Query[] {
  const { path, entry, type } = facts;
  if (entry.kind === 'port')
    return anyOf(
      path,
      byKind.port.indicators.map(({ value }) => Number(value)),
    );
  const { address, socket, url } = byKind;
  const hosts = url.indicators.flatMap(({ value }) => parseAddress(urlHost(value))?.text ?? []);
  const listed = [...address.indicators, ...socket.indicators].map(({ value }) => value);
  const values = [...new Set([...listed, ...hosts, ...(mayHoldFarAddress(facts) ? learned : [])])];
  const networks = values.filter((value) => value.includes('/'));
  if (type !== 'ip' || networks.length * fields > MOST_NETWORKS) return [existsClause({ path })];
  const exact = values.filter((value) => !value.includes('/'));
  return [...anyOf(path, exact), ...anyOf(path, networks)];
}

/** The field has one of the values. No clause where there are no values. */
export function anyOf(path: string, values: readonly (string | number)[]): Query[] {
  const clauses: Query[] = [];
  for (let start = 0; start < values.length; start += MOST_TERMS) {
    clauses.push({ terms: { [path]: values.slice(start, start + MOST_TERMS) } });
  }
  return clauses;
}

export function existsClause({ path, nested }: { path: string; nested?: string }): Query {
  const exists = { exists: { field: path } };
  return nested === undefined ? exists : { nested: { path: nested, query: exists, ignore_unmapped: true } };
}

/** Values left out of the index (too long, malformed, beyond the field limit) are only in `_source`. */
export function ignoredClause(paths: readonly string[]): Query {
  return { terms: { _ignored: [...paths] } };
}

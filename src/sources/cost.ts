/**
 * What ways of reading cost, in milliseconds, as measured on two cores (docs/adr/0006): they need only be right enough
 * to tell the ways apart.
 */

/** Distinct values of one answer; Elasticsearch gives no more than 65,536 buckets. */
export const VALUES_PER_PAGE = 50_000;

const READ = 0.025;
const PASSED = 0.0004;
const TERM = 0.0005;
const ANSWER = 3;
const VALUE = 0.002;
const NETWORK = 0.1;

/** Every document is fetched, parsed and matched. */
export function costOfReading(documents: number): number {
  return documents * READ;
}

/** The documents are gone over once for each page of the values they have. */
export function costOfSweep(documents: number, values: number): number {
  return ANSWER + documents * Math.max(1, Math.ceil(values / VALUES_PER_PAGE)) * PASSED + values * TERM;
}

/** @param values of the whole index, whatever part of it the window is. */
export function costOfDictionary(values: number): number {
  return ANSWER + values * TERM;
}

/** Listed values are looked up one by one, networks as ranges. */
export function costOfTerms(values: number, networks: number): number {
  return ANSWER + values * VALUE + networks * NETWORK;
}

/**
 * About how many distinct values `documents` have, of which a sample has some: where nearly all of its values differ,
 * more documents bring as many more, else fewer.
 */
export function valuesOf(documents: number, sample: { readonly documents: number; readonly values: number }): number {
  if (sample.documents === 0) return 0;
  const times = documents / sample.documents;
  if (times <= 1) return sample.values;
  const growth = 0.5 + 0.5 * Math.min(1, sample.values / sample.documents);
  return Math.min(documents, sample.values * times ** growth);
}

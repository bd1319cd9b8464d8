import type { IndicatorType } from '../../src/model/indicator.ts';
import { ORIGINS, type SigmaRule } from './origins.ts';
import { type Category, type Confidence, noteOf, type Row } from './row.ts';

/** A text, a file name or a method to look for, as the tables here have it. */
export interface Entry {
  readonly value: string;
  readonly confidence: Confidence;
  /** A public page that tells of it; where Sigma has the text too, its rule is cited instead. */
  readonly reference?: string;
  readonly category?: Category;
  readonly note?: string;
  readonly excludes?: readonly string[];
  readonly params?: readonly string[];
}

/** Texts of published Sigma rules, each with the rule that has it. */
export type SigmaTexts = ReadonlyMap<string, SigmaRule>;

/** Rows of one type, sorted by value; the provider is the file's own unless Sigma has the text. */
export function entryRows(type: IndicatorType, entries: readonly Entry[], published: SigmaTexts = new Map()): Row[] {
  return entries.map((entry) => entryRow(type, entry, published.get(entry.value))).sort(byValue);
}

function byValue({ value: a }: Row, { value: b }: Row): number {
  return a < b ? -1 : 1;
}

function entryRow(type: IndicatorType, entry: Entry, rule: SigmaRule | undefined): Row {
  const { value, confidence, category, excludes, params } = entry;
  const reference = rule?.reference ?? entry.reference;
  const note = noteOf(rule === undefined ? undefined : `rule by ${rule.authors}`, entry.note);
  return {
    value,
    type,
    ...(category === undefined ? {} : { category }),
    confidence,
    ...(excludes === undefined ? {} : { excludes }),
    ...(params === undefined ? {} : { params }),
    ...(rule === undefined ? {} : { provider: 'Sigma', licence: ORIGINS.Sigma.licence }),
    ...(reference === undefined ? {} : { reference }),
    ...(note === undefined ? {} : { note }),
  };
}

import type { Lookup } from '../../lookups/parse.ts';
import { huntsByKind, type RowsOf } from './by-kind.ts';
import { huntsBySource } from './by-source.ts';
import { type EsqlHunt, huntText } from './hunt.ts';

/** The files of `hunts/`: name and text. Rows of low confidence, and those that have an expiry, stand in no text. */
export function esqlHunts(lookups: readonly Lookup[]): { readonly name: string; readonly text: string }[] {
  const rowsOf: RowsOf = (kind) =>
    lookups
      .flatMap(({ indicators }) => indicators)
      .filter((row) => row.kind === kind && row.confidence !== 'low' && row.expires === undefined);
  const hunts: EsqlHunt[] = [...huntsBySource(rowsOf), ...huntsByKind(rowsOf)];
  return hunts.map((hunt) => ({ name: hunt.name, text: huntText(hunt) }));
}

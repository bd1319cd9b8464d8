import type { Fault } from '../model/errors.ts';
import { type Indicator, indicatorName, type LookupKind } from '../model/indicator.ts';
import { checkText } from '../schema/check.ts';
import { type LookupFile, lookupSchema } from '../schema/lookup.ts';
import { daysOf } from './day.ts';
import { normalForm } from './normal-form.ts';

/** A lookup: a named set of indicators, read from one file and checked. */
export interface Lookup extends Omit<LookupFile, 'rows'> {
  readonly kind: LookupKind;
  readonly indicators: readonly Indicator[];
  /** The file it was read from, for faults. */
  readonly file: string;
}

export interface ParsedLookup {
  /** Absent where there is an error among the faults. */
  readonly lookup?: Lookup;
  readonly faults: readonly Fault[];
  /** Line of a JSON pointer in the file; absent where the file could not be read at all. */
  readonly lineOf?: (pointer: string) => number | undefined;
}

/**
 * Reads one lookup file (.json, .yml) and checks its form and every row's value. All faults come back together. Rows
 * are taken over in normal form, with what they inherit from the file. Never throws.
 */
export function parseLookup(text: string, file: string): ParsedLookup {
  const checked = checkText<LookupFile>(lookupSchema, text, file);
  if ('faults' in checked) return { faults: checked.faults };
  const { rows, ...header } = checked.value;
  const faults: Fault[] = [];
  const indicators: Indicator[] = [];
  for (const [i, row] of rows.entries()) {
    const normal = normalForm(header.kind, row);
    const days = daysOf(row);
    const dateFault = misdated(days);
    if ('fault' in normal) {
      faults.push(rowFault('error', normal.fault, file, i, checked.lineOf));
    } else if (dateFault !== undefined) {
      faults.push(rowFault('error', dateFault, file, i, checked.lineOf));
    } else {
      const { provider, licence, reference, name: lookup } = header;
      const kind = header.kind === 'address' && row.port !== undefined ? 'socket' : header.kind;
      const { value } = normal;
      indicators.push(indicatorOf({ provider, licence, reference, ...row, ...days, kind, value, lookup }));
    }
  }
  const { lineOf } = checked;
  return faults.length > 0 ? { faults, lineOf } : { lookup: { ...header, indicators, file }, faults, lineOf };
}

/** A million of them fit: what a row doesn't have takes no place, and what all have lies in the object itself. */
function indicatorOf({ kind, type, value, confidence, provider, licence, reference, lookup, ...rest }: Indicator) {
  const common: Indicator = { kind, type, value, confidence, provider, licence, reference, lookup };
  return Object.freeze(Object.keys(rest).length === 0 ? common : { ...common, ...rest });
}

function misdated({ first_seen, last_seen }: ReturnType<typeof daysOf>): string | undefined {
  if (first_seen === undefined || last_seen === undefined || first_seen <= last_seen) return undefined;
  return `first_seen ${first_seen} lies after last_seen ${last_seen}`;
}

/** A fault in row `i` (0-based) of a lookup file. */
export function rowFault(
  severity: Fault['severity'],
  message: string,
  file: string,
  i: number,
  lineOf: (pointer: string) => number | undefined = () => undefined,
): Fault {
  const pointer = `/rows/${i}`;
  const line = lineOf(pointer);
  return { severity, message, location: { file, ...(line === undefined ? {} : { line }), pointer } };
}

/** Key under which two rows of one lookup are the same indicator. */
export function indicatorKey(indicator: Indicator): string {
  return `${indicator.type} ${indicatorName(indicator)} ${indicator.transport ?? ''}`;
}

import type { Fault } from '../model/errors.ts';
import type { Indicator } from '../model/indicator.ts';
import { parseAddress } from './address.ts';
import { addressObjection } from './guards/addresses.ts';
import { nameObjection, suffixFault } from './guards/names.ts';
import { compileRepeats } from './guards/repeats.ts';
import { textObjection } from './guards/texts.ts';
import { type Lookup, type ParsedLookup, rowFault } from './parse.ts';
import { urlHost } from './tables/url.ts';

/** What is wrong with publishing this indicator, in one sentence; undefined if nothing is. */
function objection(indicator: Indicator): string | undefined {
  const { kind, value, port } = indicator;
  switch (kind) {
    case 'domain':
      return nameObjection(value);
    case 'address':
    case 'socket':
      return addressObjection(value, port);
    case 'url': {
      const host = urlHost(value);
      return parseAddress(host) === undefined ? suffixFault(host) : addressObjection(host, 80);
    }
    case 'port':
    case 'process':
    case 'command-line':
    case 'user-agent':
    case 'signature':
    case 'payload':
      return textObjection(indicator);
  }
}

/**
 * Editorial faults of a lookup that is well-formed: rows that can't be right or have expired (errors) and rows that do
 * nothing beside others of the lookup (warnings). They bind `lookups validate` and `lookups update`, not the worker or a
 * scan.
 *
 * @param today YYYY-MM-DD, UTC.
 * @param lineOf line of a JSON pointer in the lookup's file, where known.
 */
export function guard(lookup: Lookup, today: string, lineOf?: ParsedLookup['lineOf']): Fault[] {
  const faults: Fault[] = [];
  const repeats = compileRepeats(lookup.indicators.map((indicator, i) => ({ indicator, place: `row ${i}` })));
  for (const [i, indicator] of lookup.indicators.entries()) {
    const say = (severity: Fault['severity'], message: string | undefined): void => {
      if (message !== undefined) faults.push(rowFault(severity, message, lookup.file, i, lineOf));
    };
    const { value, expires } = indicator;
    say('error', objection(indicator));
    say('error', expires !== undefined && expires < today ? `${value} expired on ${expires}` : undefined);
    say('warning', repeats.reason(indicator));
  }
  return faults;
}

/** A lookup that has been read, with the lines of its file where they are known. */
export interface Guarded {
  readonly lookup: Lookup;
  readonly lineOf?: ParsedLookup['lineOf'];
}

/** Warnings of rows that do nothing beside rows of lookups before them. What `guard` says of each alone is left out. */
export function guardTogether(lookups: readonly Guarded[]): Fault[] {
  const placed = lookups.flatMap(({ lookup }) =>
    lookup.indicators.map((indicator, i) => ({ indicator, place: `row ${i} of ${lookup.name}` })),
  );
  const repeats = compileRepeats(placed);
  return lookups.flatMap(({ lookup, lineOf }) => {
    const own = compileRepeats(lookup.indicators.map((indicator, i) => ({ indicator, place: `row ${i}` })));
    return lookup.indicators.flatMap((indicator, i) => {
      const reason = own.reason(indicator) === undefined ? repeats.reason(indicator) : undefined;
      return reason === undefined ? [] : [rowFault('warning', reason, lookup.file, i, lineOf)];
    });
  });
}

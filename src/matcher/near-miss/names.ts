import { suffixes } from '../../lookups/name.ts';
import { groupBy } from '../../lookups/tables/table.ts';
import type { Indicator } from '../../model/indicator.ts';
import type { Observable } from '../../model/match.ts';
import type { NearMiss, NearMissReason, Search } from './near-miss.ts';

/** Names listed below one that is asked for, that are told. */
const MOST_BELOW = 3;

/** Names that look like listed ones: `notminexmr.com`, `minexmr.com.example.org`, and parents of listed names. */
export function* nameMisses({ observed, tables }: Search): Generator<NearMiss> {
  const names = observed.observables.filter(({ kind }) => kind === 'domain');
  if (names.length === 0) return;
  const byName = groupBy(tables.byKind.domain.indicators, ({ value }) => value);
  for (const name of names) {
    const { value } = name;
    const found = new Set(tables.byKind.domain.find(value));
    const listed = (text: string) => (byName.get(text) ?? []).filter((one) => !found.has(one));
    for (let i = 1; i < value.length; i += 1) {
      const before = value[i - 1];
      if (before !== '.') {
        for (const one of listed(value.slice(i))) {
          yield missOf(name, one, 'label', `it ends like ${one.value}, but not at a label of its own`);
        }
      } else if (i > 1) {
        for (const one of listed(value.slice(0, i - 1))) {
          yield missOf(name, one, 'beginning', `it begins like ${one.value}, but belongs to who owns its end`);
        }
      }
    }
  }
  yield* parents(names, tables.byKind.domain.indicators);
}

function* parents(names: readonly Observable[], indicators: readonly Indicator[]): Generator<NearMiss> {
  const asked = groupedByValue(names);
  const told = new Map<string, number>();
  for (const indicator of indicators) {
    for (const parent of suffixes(indicator.value)) {
      if (parent === indicator.value) continue;
      const count = told.get(parent) ?? 0;
      const name = asked.get(parent);
      if (name === undefined || count >= MOST_BELOW) continue;
      told.set(parent, count + 1);
      yield missOf(name, indicator, 'below', `only ${indicator.value}, below it, is listed`);
    }
  }
}

function groupedByValue(names: readonly Observable[]): Map<string, Observable> {
  return new Map(names.toReversed().map((name) => [name.value, name]));
}

export function missOf(
  { value, field, side }: Observable,
  indicator: Indicator,
  reason: NearMissReason,
  why: string,
): NearMiss {
  return { reason, value, field, side, indicator, why };
}

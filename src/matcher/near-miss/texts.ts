import { globTable } from '../../lookups/tables/glob.ts';
import { groupBy, type Table } from '../../lookups/tables/table.ts';
import type { Indicator, Kind } from '../../model/indicator.ts';
import { missOf } from './names.ts';
import { type NearMiss, type Search, tableOver } from './near-miss.ts';

const TEXTS = ['command-line', 'user-agent', 'signature'] as const satisfies readonly Kind[];

/** Texts that a row of wildcards would be of, but for its `excludes`, or because it stands in the middle. */
export function* textMisses({ observed, tables }: Search): Generator<NearMiss> {
  for (const kind of TEXTS) {
    const texts = observed.observables.filter((one) => one.kind === kind);
    if (texts.length === 0) continue;
    const { indicators } = tables.byKind[kind];
    const extent = kind === 'command-line' ? 'anywhere' : 'whole';
    const lenient = withoutExcludes(indicators, extent);
    const within = withoutExcludes(indicators, 'anywhere');
    for (const text of texts) {
      const lower = text.value.toLowerCase();
      const found = new Set(tables.byKind[kind].find(text.value));
      const whole = new Set(lenient.find(text.value));
      for (const indicator of within.find(text.value)) {
        if (found.has(indicator)) continue;
        const excluded = indicator.excludes?.find((one) => lower.includes(one.toLowerCase()));
        if (!whole.has(indicator)) {
          yield missOf(text, indicator, 'whole', `${indicator.value} stands within it, and is not all of it`);
        } else if (excluded !== undefined) {
          const why = `${indicator.value} stands in it, but so does "${excluded}", which the row excludes`;
          yield missOf(text, indicator, 'excludes', why);
        }
      }
    }
  }
}

function withoutExcludes(indicators: readonly Indicator[], extent: Parameters<typeof globTable>[1]): Table {
  return tableOver(
    indicators,
    (indicator) => ({ ...indicator, excludes: [] }),
    (changed) => globTable(changed, extent),
  );
}

/** Names of programs that are listed in other letters, where upper and lower case count. */
export function* processMisses({ observed, tables }: Search): Generator<NearMiss> {
  const programs = observed.observables.filter(({ kind }) => kind === 'process');
  if (programs.length === 0) return;
  const byLower = groupBy(tables.byKind.process.indicators, ({ value }) => value.toLowerCase());
  for (const program of programs) {
    for (const indicator of byLower.get(program.value.toLowerCase()) ?? []) {
      if (indicator.value === program.value) continue;
      yield missOf(program, indicator, 'case', `listed as ${indicator.value}; off Windows, case counts`);
    }
  }
}

/** Listed methods without the parameters that their rows ask for. */
export function* payloadMisses({ observed, tables }: Search): Generator<NearMiss> {
  const byMethod = groupBy(tables.byKind.payload.indicators, ({ value }) => value);
  for (const call of observed.observables) {
    if (call.kind !== 'payload') continue;
    const open = call.value.indexOf('(');
    const given = new Set(call.value.slice(open + 1, -1).split(','));
    for (const indicator of byMethod.get(call.value.slice(0, open)) ?? []) {
      const missing = (indicator.params ?? []).filter((name) => !given.has(name));
      if (missing.length === 0) continue;
      yield missOf(call, indicator, 'parameters', `${indicator.value} counts with ${missing.join(', ')}`);
    }
  }
}

import type { Tables } from '../lookups/compile.ts';
import { type Indicator, indicatorName } from '../model/indicator.ts';
import type { Coverage, DigestCount, Facts, NearMissFacts } from './facts.ts';
import { type FirstStep, firstSteps } from './first-steps.ts';
import type { ReportedIncident } from './incident.ts';
import { clip } from './text.ts';
import type { BySeverity, IndicatorTotal, Totals } from './totals.ts';

/** An indicator with what the lookups in use say of it; nothing where they have it no longer, or it was learned. */
export interface ReportedIndicator extends IndicatorTotal {
  readonly kind?: Indicator['kind'];
  readonly lookup?: string;
  readonly provider?: string;
  readonly confidence?: Indicator['confidence'];
}

export interface ReportedLookup {
  readonly name: string;
  readonly kind: string;
  readonly provider: string;
  readonly licence: string;
  readonly reference: string;
  /** `YYYY-MM-DD` */
  readonly updated: string;
  readonly indicators: number;
}

/** Everything the page shows, and the form of its JSON. Times are ISO 8601, UTC. Texts from outside are cut. */
export interface Report {
  /** minecanary's own. */
  readonly version: string;
  readonly made: string;
  /** The only scope that it tells of; absent where it tells of all. Coverage is of all. */
  readonly scope?: string;
  /** Days, both inclusive. */
  readonly range?: { readonly from: string; readonly to: string };
  readonly summary: Omit<Totals, 'periods' | 'datasets' | 'kinds' | 'indicators'> & { readonly alerts: BySeverity };
  readonly first_steps: readonly FirstStep[];
  /** The most severe, in order. */
  readonly incidents: readonly ReportedIncident[];
  /** Incidents that only the numbers tell of. */
  readonly left_out: number;
  readonly periods: Totals['periods'];
  readonly datasets: Totals['datasets'];
  readonly kinds: Totals['kinds'];
  readonly indicators: readonly ReportedIndicator[];
  readonly coverage: Coverage;
  readonly near_misses: NearMissFacts;
  readonly lookups: {
    /** Of the lookups in use. */
    readonly digest: string;
    readonly files: readonly ReportedLookup[];
    /** Exceptions in force. */
    readonly exceptions: number;
    /** What the events of the range were matched by. */
    readonly matched_by: readonly DigestCount[];
  };
}

export interface ReportContext {
  /** The lookups in use. */
  readonly tables: Tables;
  /** minecanary's own. */
  readonly version: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
}

/** What the facts amount to. Pure. */
export function reportOf(facts: Facts, { tables, version, now }: ReportContext): Report {
  const { scope, range, totals, incidents, alerts, coverage, nearMisses, digests } = facts;
  const { periods, datasets, kinds, indicators, ...summary } = totals;
  return {
    version,
    made: new Date(now).toISOString(),
    ...(scope === undefined ? {} : { scope: clip(scope) }),
    ...(range === undefined ? {} : { range }),
    summary: { ...summary, alerts },
    first_steps: firstSteps(facts),
    incidents,
    left_out: totals.incidents - incidents.length,
    periods,
    datasets,
    kinds,
    indicators: describe(indicators, tables),
    coverage,
    near_misses: nearMisses,
    lookups: {
      digest: tables.digest,
      files: tables.lookups.map(({ name, kind, provider, licence, reference, updated, indicators: rows }) => ({
        name: clip(name),
        kind,
        provider: clip(provider),
        licence: clip(licence),
        reference: clip(reference),
        updated,
        indicators: rows.length,
      })),
      exceptions: tables.exceptions.live.length,
      matched_by: digests,
    },
  };
}

function describe(totals: readonly IndicatorTotal[], { byKind }: Tables): ReportedIndicator[] {
  const wanted = new Map<string, Indicator | undefined>(totals.map(({ name }) => [name, undefined]));
  for (const { indicators } of Object.values(byKind)) {
    for (const indicator of indicators) {
      const name = clip(indicatorName(indicator));
      if (wanted.has(name) && wanted.get(name) === undefined) wanted.set(name, indicator);
    }
  }
  return totals.map((total) => {
    const indicator = wanted.get(total.name);
    if (indicator === undefined) return total;
    const { kind, lookup, provider, confidence } = indicator;
    return { ...total, kind, lookup: clip(lookup), provider: clip(provider), confidence };
  });
}

import { entityId } from '../matcher/incident.ts';
import type { Observed } from '../matcher/observe.ts';
import { indicatorName, type Kind } from '../model/indicator.ts';
import type { EntityType, Evidence, Match } from '../model/match.ts';
import { isoTime } from '../model/time.ts';
import { otherSide } from './other-side.ts';

/** Who, where to, by which indicator in which field, how often and when. */
export interface HuntRow {
  readonly scope: string;
  readonly entity: { readonly type: EntityType; readonly name: string };
  /** Name or address of the other side; absent where the events name none. */
  readonly other?: string;
  readonly kind: Kind;
  readonly indicator: string;
  readonly lookup: string;
  readonly field: string;
  /** Events; those that were denied are among them. */
  readonly events: number;
  readonly denied: number;
  /** ISO 8601, UTC; absent where no event has a time. */
  readonly first?: string;
  readonly last?: string;
}

/** Adds up matches in bounded memory. */
export interface HuntRows {
  add(evidence: Evidence, observed: Observed): void;
  /** Most events first, then the latest, then by name. */
  rows(): HuntRow[];
  /** Matches that had no row left to go to. */
  leftOut(): number;
}

interface Sum {
  readonly what: Omit<HuntRow, 'events' | 'denied' | 'first' | 'last'>;
  events: number;
  denied: number;
  first: number;
  last: number;
}

/** @param most rows that are kept; what would need a further one is only counted. */
export function createHuntRows(most: number): HuntRows {
  const sums = new Map<string, Sum>();
  let leftOut = 0;

  function sumOf(key: string, what: Sum['what']): Sum | undefined {
    const known = sums.get(key);
    if (known !== undefined || sums.size >= most) return known;
    const sum = { what, events: 0, denied: 0, first: Infinity, last: -Infinity };
    sums.set(key, sum);
    return sum;
  }

  return {
    add(evidence, observed) {
      const counted = new Set<string>();
      for (const match of evidence.matches) {
        const what = describe(match, evidence, observed);
        const key = keyOf(what);
        if (counted.has(key)) continue;
        counted.add(key);
        const sum = sumOf(key, what);
        if (sum === undefined) leftOut += 1;
        else count(sum, evidence);
      }
    },
    rows: () => [...sums.values()].sort(byWeight).map(toRow),
    leftOut: () => leftOut,
  };
}

function describe(match: Match, evidence: Evidence, observed: Observed): Sum['what'] {
  const { observable, indicator } = match;
  const other = otherSide(match, evidence, observed);
  return {
    scope: evidence.scope,
    entity: { type: evidence.entity.type, name: evidence.entity.name },
    ...(other === undefined ? {} : { other }),
    kind: observable.kind,
    indicator: indicatorName(indicator),
    lookup: indicator.lookup,
    field: observable.field,
  };
}

function keyOf({ scope, entity, other = '', kind, indicator, lookup, field }: Sum['what']): string {
  return JSON.stringify([entityId(scope, { ...entity, shared: false }), other, kind, indicator, lookup, field]);
}

function count(sum: Sum, { time, denied }: Evidence): void {
  sum.events += 1;
  if (denied) sum.denied += 1;
  if (time === undefined) return;
  sum.first = Math.min(sum.first, time);
  sum.last = Math.max(sum.last, time);
}

function byWeight(a: Sum, b: Sum): number {
  return b.events - a.events || b.last - a.last || (keyText(a) < keyText(b) ? -1 : 1);
}

function keyText({ what: { entity, other = '', indicator, field } }: Sum): string {
  return [entity.name, other, indicator, field].join(' ');
}

function toRow({ what, events, denied, first, last }: Sum): HuntRow {
  const dated = Number.isFinite(first) ? { first: isoTime(first), last: isoTime(last) } : {};
  return { ...what, events, denied, ...dated };
}

import type { Confidence, Indicator } from '../../model/indicator.ts';
import { networkBits, parseNetwork } from '../address.ts';
import { suffixes } from '../name.ts';
import { indicatorKey } from '../parse.ts';

/** A row and where it stands. */
export interface Placed {
  readonly indicator: Indicator;
  /** `row 3`, or `row 3 of pool-domains`. */
  readonly place: string;
}

/** Finds rows that say what another says already. */
export interface Repeats {
  /** Why the row does nothing beside those before it and its parents; undefined if it does. */
  reason(indicator: Indicator): string | undefined;
}

const CONFIDENCES: readonly Confidence[] = ['low', 'medium', 'high'];

/** @param placed every row that counts, in order: of two that are the same, the later one is the repeat. */
export function compileRepeats(placed: readonly Placed[]): Repeats {
  const first = new Map<string, Placed>();
  for (const each of placed) {
    const key = keyOf(each.indicator);
    if (!first.has(key)) first.set(key, each);
  }
  const prefixes = [...new Set(placed.flatMap(({ indicator }) => prefixOf(indicator) ?? []))];

  function coverOf(indicator: Indicator): Placed | undefined {
    for (const parent of parentsOf(indicator, prefixes)) {
      const listed = first.get(keyOf(parent));
      if (listed !== undefined && saysAll(listed.indicator, indicator)) return listed;
    }
    return undefined;
  }
  return {
    reason(indicator) {
      const twin = first.get(keyOf(indicator));
      if (twin !== undefined && twin.indicator !== indicator) return `${indicator.value} stands in ${twin.place} too`;
      const cover = coverOf(indicator);
      return cover === undefined
        ? undefined
        : `${indicator.value} is covered by ${cover.indicator.value} in ${cover.place}`;
    },
  };
}

function keyOf(indicator: Indicator): string {
  return `${indicator.kind} ${indicatorKey(indicator)} ${indicator.params?.join() ?? ''}`;
}

function prefixOf({ kind, value }: Indicator): number | undefined {
  return (kind === 'address' || kind === 'socket') && value.includes('/') ? parseNetwork(value)?.prefix : undefined;
}

/** What a row of that kind may be covered by: the parents of a name, the networks around an address. */
function* parentsOf(indicator: Indicator, prefixes: readonly number[]): Generator<Indicator> {
  if (indicator.kind === 'domain') {
    for (const value of suffixes(indicator.value)) if (value !== indicator.value) yield { ...indicator, value };
  }
  const network = indicator.type.endsWith('-addr') ? parseNetwork(indicator.value) : undefined;
  if (network === undefined) return;
  for (const prefix of prefixes) {
    if (prefix > network.prefix || (prefix === network.prefix && indicator.value.includes('/'))) continue;
    const start = networkBits(network.version, network.bits, prefix);
    const around = parseNetwork(`${indicator.value.replace(/\/.*$/, '')}/${prefix}`);
    if (around !== undefined && around.bits === start) yield { ...indicator, value: around.text };
  }
}

/** A pool covers its Stratum hosts; else rows of other categories speak of different things. */
function saysAll(parent: Indicator, child: Indicator): boolean {
  const sure = CONFIDENCES.indexOf(parent.confidence) >= CONFIDENCES.indexOf(child.confidence);
  const lasting = (parent.expires ?? '9999') >= (child.expires ?? '9999');
  const same = parent.category === child.category || (parent.category === 'pool' && child.category === 'stratum');
  return sure && lasting && same;
}

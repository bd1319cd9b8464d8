import type { Tables } from '../../lookups/compile.ts';
import type { Table } from '../../lookups/tables/table.ts';
import type { EventDocument, Side } from '../../model/event.ts';
import type { Indicator } from '../../model/indicator.ts';
import type { Policy } from '../../model/policy.ts';
import type { Context } from '../context.ts';
import type { Observed } from '../observe.ts';

/** Why something that is close to a match is none. */
export type NearMissReason =
  /** The row counts for the other transport. */
  | 'transport'
  /** `ports.client` is `ignore`. */
  | 'client-port'
  /** An exception says that the indicator does not count. */
  | 'excepted'
  /** The row no longer counts. */
  | 'expired'
  /** It stands on the side of the traffic that the row does not speak of. */
  | 'side'
  /** The row is of the address with another port. */
  | 'port'
  /** The name ends with a listed one, in the middle of a label. */
  | 'label'
  /** The name begins with a listed one. */
  | 'beginning'
  /** Only a name below it is listed. */
  | 'below'
  /** The row is of a URL at this host with another path. */
  | 'path'
  /** A text of the row's `excludes` stands in it too. */
  | 'excludes'
  /** The row is of the whole text, and stands within it. */
  | 'whole'
  /** Upper and lower case differ, where they count. */
  | 'case'
  /** The method lacks parameters of the row. */
  | 'parameters'
  /** The field is not read, or not as what is listed. */
  | 'field'
  /** The field holds no value of its kind. */
  | 'unreadable';

/** What is close to a match, and why it is none. */
export interface NearMiss {
  readonly reason: NearMissReason;
  readonly value: string;
  readonly field: string;
  readonly side: Side;
  /** Absent where the value can't be read. */
  readonly indicator?: Indicator;
  /** In words. */
  readonly why: string;
}

/** What near misses are looked for in. */
export interface Search {
  readonly event: EventDocument;
  readonly observed: Observed;
  readonly context: Context;
  readonly tables: Tables;
  readonly policy: Policy;
  /** Indicators that match somewhere in the event. */
  readonly matched: ReadonlySet<Indicator>;
}

/** Finds indicators by another form of them than their own, with a table over that form. */
export function tableOver(
  indicators: readonly Indicator[],
  change: (indicator: Indicator) => Indicator,
  make: (changed: readonly Indicator[]) => Table,
): Table {
  const originals = new Map(indicators.map((indicator) => [change(indicator), indicator]));
  const table = make([...originals.keys()]);
  return { indicators, find: (value) => table.find(value).flatMap((found) => originals.get(found) ?? []) };
}

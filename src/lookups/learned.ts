import type { Confidence } from '../model/indicator.ts';
import type { LearnedAddress, LearnedLesson } from '../model/learned.ts';
import { parseNetwork } from './address.ts';
import { CDN, RESERVED, RESOLVERS } from './guards/special-ranges.ts';

/** What is asked of the learned addresses: whether one of these asked for a name that this was the answer to. */
export interface LearnedQuestion {
  readonly scope: string;
  /** Addresses in normal form, and names of hosts. */
  readonly askers: readonly string[];
  readonly address: string;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
}

/** The learned addresses, compiled. */
export interface LearnedTable {
  /** All of them, whoever asked and when. */
  readonly addresses: ReadonlySet<string>;
  /** Of several answers the one of highest confidence, then the latest. Never throws. */
  find(question: LearnedQuestion): LearnedAddress | undefined;
}

/** Takes lessons, in any order, and makes a table of them: the same for the same lessons in another order. */
export interface Learning {
  add(lesson: LearnedLesson): void;
  table(): LearnedTable;
}

/** Asker, address and hour: more are not held, and the oldest are let go. A hundred thousand take about 60 MB. */
const MOST_LEARNED = 100_000;
const HOUR = 3_600_000;
/** An answer lives no longer, and an hour of answers is held as one. */
const LONGEST = 25 * HOUR;
/** Clocks of two sensors differ: a connection may seem to come before the answer that led to it. */
export const SLACK = 60_000;
const RANK: Readonly<Record<Confidence, number>> = { high: 2, medium: 1, low: 0 };

/** The answers of one UTC hour and confidence to one asker with one address; it tells of the first of them. */
interface Held extends LearnedAddress {
  readonly key: string;
  readonly hour: number;
}

export const NOTHING_LEARNED: LearnedTable = { addresses: new Set(), find: () => undefined };

/**
 * Whether connections to an address can tell of a name that it was the answer to: private and reserved addresses are
 * where sinkholes and proxies lead to, and public resolvers are asked by everybody.
 */
export function isTelling(address: string): boolean {
  const network = parseNetwork(address);
  return network !== undefined && [RESERVED, RESOLVERS].every((ranges) => ranges.around(network) === undefined);
}

/** Whether many sites share an address, as at content delivery networks. */
function isShared(address: string): boolean {
  const network = parseNetwork(address);
  return network !== undefined && CDN.around(network) !== undefined;
}

function joinKey(...parts: readonly string[]): string {
  return parts.join('\n');
}

/** @param most asker, address and hour that are held. */
export function createLearning(most = MOST_LEARNED): Learning {
  let held = new Map<string, Held>();

  function hold(one: Held, id: string): void {
    const before = held.get(id);
    if (before === undefined) {
      held.set(id, one);
      if (held.size >= 2 * most) held = newest(held, most);
      return;
    }
    const isFirst = one.from < before.from || (one.from === before.from && one.event < before.event);
    held.set(id, { ...(isFirst ? one : before), until: Math.max(one.until, before.until) });
  }

  return {
    add({ scope, name, askers, addresses, from, until, indicator, event }) {
      const hour = Math.floor(from / HOUR);
      for (const address of addresses) {
        const shared = isShared(address);
        for (const asker of askers) {
          const key = joinKey(scope, asker, address);
          const row = { key, hour, address, name, from, until, indicator, event, shared };
          hold(row, joinKey(String(hour), indicator.confidence, key));
        }
      }
    },
    table: () => compileHeld(newest(held, most).values()),
  };
}

/** Those of the latest hours; of one hour, by key, so that the order in which they came says nothing. */
function newest(held: Map<string, Held>, most: number): Map<string, Held> {
  if (held.size <= most) return held;
  const ordered = [...held].sort(([a, { hour }], [b, { hour: other }]) => other - hour || (a < b ? -1 : 1));
  return new Map(ordered.slice(0, most));
}

function compileHeld(held: Iterable<Held>): LearnedTable {
  const byKey = new Map<string, Held[]>();
  const addresses = new Set<string>();
  for (const one of held) {
    addresses.add(one.address);
    const group = byKey.get(one.key);
    if (group === undefined) byKey.set(one.key, [one]);
    else group.push(one);
  }
  for (const group of byKey.values()) group.sort(latestFirst);
  return {
    addresses,
    find({ scope, askers, address, time }) {
      let best: Held | undefined;
      for (const asker of askers) {
        for (const one of byKey.get(joinKey(scope, asker, address)) ?? []) {
          if (one.from < time - LONGEST) break;
          if (one.from - SLACK > time || one.until < time) continue;
          if (best === undefined || isBetter(one, best)) best = one;
        }
      }
      return best;
    },
  };
}

function latestFirst(a: Held, b: Held): number {
  return b.from - a.from || (a.event < b.event ? -1 : 1);
}

function isBetter(one: Held, other: Held): boolean {
  const rank = RANK[one.indicator.confidence] - RANK[other.indicator.confidence];
  return rank > 0 || (rank === 0 && latestFirst(one, other) < 0);
}

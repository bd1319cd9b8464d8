/** The beacon hunt of hunts/beacons.esql in TypeScript: what it lists, of events in memory. */
import { BEACON, INSIDE } from '../../src/convert/esql/beacons.ts';
import { inNetworks, parseAddress } from '../../src/lookups/address.ts';
import { parseTime } from '../../src/model/time.ts';

/** What a pair of hosts is judged by. Times are milliseconds, durations nanoseconds. */
export interface PairStats {
  readonly events: number;
  readonly earliest: number;
  readonly latest: number;
  /** Slots of time in which there was an event. */
  readonly slots: number;
  readonly longest: number | undefined;
  readonly lived: number;
  readonly total: number;
  /** Of the bytes of events that have some. */
  readonly mean: number | undefined;
  readonly deviation: number | undefined;
}

const SLOT_MS = BEACON.slotMinutes * 60_000;

/** @param least nanoseconds: the hunt's own unless told. */
export function isLongLived({ longest, total, lived }: PairStats, least: number = BEACON.leastDuration): boolean {
  if (longest === undefined || longest < least) return false;
  return total / (lived / 1e9) <= BEACON.mostBytesPerSecond;
}

export function isPeriodic({ events, earliest, latest, slots, mean, deviation }: PairStats): boolean {
  if (mean === undefined || deviation === undefined || mean === 0) return false;
  const minutes = Math.floor((latest - earliest) / 60_000);
  const share = slots / (1 + Math.floor(minutes / BEACON.slotMinutes));
  return (
    events >= BEACON.leastEvents &&
    slots >= BEACON.leastSlots &&
    share >= BEACON.leastShare &&
    mean <= BEACON.mostBytes &&
    deviation / mean <= BEACON.mostSpread
  );
}

type Json = Readonly<Record<string, unknown>>;

/** A field of an event, nested or dotted. */
function valueOf(event: Json, path: string): unknown {
  let value: unknown = event[path];
  if (value !== undefined) return value;
  value = event;
  for (const step of path.split('.')) value = (value as Json | undefined)?.[step];
  return value;
}

function numberOf(event: Json, path: string): number | undefined {
  const value = valueOf(event, path);
  return value === undefined || value === null ? undefined : Number(value);
}

function bytesOf(event: Json): number | undefined {
  const [from, to] = [numberOf(event, 'source.bytes'), numberOf(event, 'destination.bytes')];
  const both = from === undefined || to === undefined ? undefined : from + to;
  return numberOf(event, 'network.bytes') ?? both ?? from;
}

const isInside = inNetworks(INSIDE);

/** `client server port`, where the hunt looks at the event at all. */
export function pairOf(event: Json): string | undefined {
  const [client, server] = [valueOf(event, 'source.ip'), valueOf(event, 'destination.ip')];
  const port = numberOf(event, 'destination.port');
  const address = parseAddress(String(server));
  if (typeof client !== 'string' || address === undefined || port === undefined || isInside(address)) return undefined;
  return (BEACON.ports as readonly number[]).includes(port) ? undefined : `${client} ${address.text} ${port}`;
}

export function statsOf(events: readonly Json[]): PairStats {
  const times = events.map((event) => parseTime(String(valueOf(event, '@timestamp'))) ?? 0);
  const durations = events.map((event) => numberOf(event, 'event.duration')).filter((one) => one !== undefined);
  const bytes = events.map(bytesOf).filter((one) => one !== undefined);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  const mean = bytes.length === 0 ? undefined : total / bytes.length;
  const squares = bytes.reduce((sum, one) => sum + (one - (mean ?? 0)) ** 2, 0);
  return {
    events: events.length,
    earliest: Math.min(...times),
    latest: Math.max(...times),
    slots: new Set(times.map((time) => Math.floor(time / SLOT_MS))).size,
    longest: durations.length === 0 ? undefined : Math.max(...durations),
    lived: durations.reduce((sum, one) => sum + one, 0),
    total,
    mean,
    deviation: mean === undefined ? undefined : Math.sqrt(squares / bytes.length),
  };
}

/** Events by their pair, those of no pair left out. */
export function pairsOf<T extends Json>(events: readonly T[]): Map<string, T[]> {
  const pairs = new Map<string, T[]>();
  for (const event of events) {
    const pair = pairOf(event);
    if (pair === undefined) continue;
    pairs.set(pair, [...(pairs.get(pair) ?? []), event]);
  }
  return pairs;
}

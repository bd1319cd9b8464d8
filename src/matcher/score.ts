import type { Direction } from '../model/event.ts';
import type { Indicator, Kind } from '../model/indicator.ts';
import { FAMILIES, type Family, type FamilyPoints, type Match, type Observable } from '../model/match.ts';
import type { Context } from './context.ts';

/** docs/DETECTION.md explains the scale; these are all of its numbers. */
export const POINTS = {
  /** A listed port on the server side of traffic that leaves. */
  portOutbound: 21,
  /** A listed port anywhere else. */
  portElsewhere: 5,
  address: 47,
  named: 73,
  /** What a denied outbound `named` counts: something runs here and tried. */
  deniedNamed: 47,
  /** A mining payload or a stratum command line. */
  conclusive: 99,
  /** A denied payload. */
  deniedConclusive: 73,
} as const;
/** Highest score of weak evidence alone, of evidence without a payload or stratum command line, and of all. */
export const CAPS = { weak: 46, inconclusive: 98, all: 99 } as const;

const FAMILY: Readonly<Record<Kind, Family>> = {
  domain: 'name',
  port: 'network',
  address: 'network',
  socket: 'network',
  url: 'name',
  process: 'host',
  'command-line': 'host',
  payload: 'content',
  'user-agent': 'content',
  signature: 'content',
};

export function familyOf(kind: Kind): Family {
  return FAMILY[kind];
}

function portPoints({ side }: Observable, { clientLocality, serverLocality, fromOutside }: Context): number {
  const leaves = side === 'server' && serverLocality !== 'internal' && clientLocality !== 'external';
  const replies = side === 'client' && fromOutside;
  return leaves || replies ? POINTS.portOutbound : POINTS.portElsewhere;
}

/** A mining payload, or a command line that names a Stratum server: mining itself. */
export function isConclusive({ kind }: Observable, { category }: Indicator): boolean {
  return kind === 'payload' || (kind === 'command-line' && category === 'stratum');
}

function basePoints(observable: Observable, indicator: Indicator, context: Context): number {
  const { kind } = observable;
  const { denied } = context;
  switch (kind) {
    case 'port':
      return portPoints(observable, context) / (denied ? 2 : 1);
    case 'address':
      return POINTS.address / (denied ? 2 : 1);
    case 'process':
    case 'command-line':
      return isConclusive(observable, indicator) ? POINTS.conclusive : POINTS.named;
    case 'payload':
      return denied ? POINTS.deniedConclusive : POINTS.conclusive;
    case 'domain':
    case 'url':
    case 'socket':
    case 'user-agent':
    case 'signature':
      if (!denied) return POINTS.named;
      return indicator.category === 'browser-miner' && familyOf(kind) === 'name'
        ? POINTS.named / 2
        : POINTS.deniedNamed;
  }
}

/**
 * Points of one match, 0..99, not rounded: the kind's points, less where the traffic was denied, halved for low
 * confidence and, but for what runs on the host, for an outside client of our server; none for the address in the
 * answer to a matched name.
 */
export function pointsOf(
  observable: Observable,
  indicator: Indicator,
  context: Context,
  { direction, nameMatched }: { direction: Direction; nameMatched: boolean },
): number {
  if (observable.answer && nameMatched) return 0;
  const confidence = indicator.confidence === 'low' ? 0.5 : 1;
  const inbound = direction === 'inbound' && familyOf(observable.kind) !== 'host' ? 0.5 : 1;
  return basePoints(observable, indicator, context) * confidence * inbound;
}

/** Ports and low confidence are weak evidence. */
export function isWeak({ kind }: Observable, { confidence }: Indicator): boolean {
  return kind === 'port' || confidence === 'low';
}

/** What 10.5 lacks after the fusion in floating point; true sums of points lie at least 3.9e-9 apart. */
const ROUNDING_ERROR = 1e-9;

/** The best points of each family. */
export function familyPoints(matches: readonly Pick<Match, 'family' | 'points'>[]): FamilyPoints {
  const best: Record<Family, number> = { name: 0, network: 0, host: 0, content: 0 };
  for (const { family, points } of matches) best[family] = Math.max(best[family], points);
  return best;
}

/**
 * Fuses families as `100·(1 − Π(1 − s/100))`, applies the caps and rounds: 0..99. Serves an event and an incident.
 */
export function fuse(points: FamilyPoints, { strong, conclusive }: { strong: boolean; conclusive: boolean }): number {
  const doubt = FAMILIES.reduce((product, family) => product * (1 - points[family] / 100), 1);
  const cap = !strong ? CAPS.weak : conclusive ? CAPS.all : CAPS.inconclusive;
  return Math.min(Math.round(100 * (1 - doubt) + ROUNDING_ERROR), cap);
}

import type { Direction, Side } from './event.ts';
import type { Indicator, Kind } from './indicator.ts';
import type { Lesson } from './learned.ts';

/** A value in an event that an indicator could be of. */
export interface Observable {
  readonly kind: Kind;
  /** Normal form: a port in decimal, a lower-case A-label name, an RFC 5952 address, `address:port`. */
  readonly value: string;
  /** The catalogue field it was read from; of a socket, its address field. */
  readonly field: string;
  readonly side: Side;
  /** True for an address that came as the answer to a DNS question. */
  readonly answer: boolean;
}

/** Evidence falls into families, of which each counts its best match. */
export type Family = 'name' | 'network' | 'host' | 'content';
export const FAMILIES = ['name', 'network', 'host', 'content'] as const satisfies readonly Family[];

/** Observable × indicator. */
export interface Match {
  readonly observable: Observable;
  readonly indicator: Indicator;
  readonly family: Family;
  /** 0..99, not rounded: after confidence, denial and direction. */
  readonly points: number;
  /** Ports and low confidence: alone they never exceed 46. */
  readonly weak: boolean;
  /** Of a learned address: the listed name that it was the answer to. */
  readonly answerTo?: string;
}

export type Severity = 'none' | 'low' | 'medium' | 'high' | 'critical';

export type EntityType = 'host' | 'address' | 'user' | 'text' | 'unknown';

/** The host under suspicion, or the nearest thing the event tells of it. */
export interface Entity {
  readonly type: EntityType;
  /** Lower-case host name, address in normal form, user name, or text. */
  readonly name: string;
  /** It stands for many hosts (a resolver, or nobody known): evidence of different events is not fused. */
  readonly shared: boolean;
}

/** Best points of each family, not rounded; 0 where the family has no match. */
export type FamilyPoints = Readonly<Record<Family, number>>;

/** What one event says, as the matcher decides it. Pure function of event, tables and policy. */
export interface Evidence {
  readonly matches: readonly Match[];
  readonly points: FamilyPoints;
  /** False where every match is weak. */
  readonly strong: boolean;
  /** A mining payload or a stratum command line: only these reach 99. */
  readonly conclusive: boolean;
  /** 0..99, rounded: the event's own. */
  readonly score: number;
  readonly severity: Severity;
  readonly scope: string;
  readonly entity: Entity;
  readonly dataset: string;
  readonly direction: Direction;
  readonly denied: boolean;
  /** Milliseconds since 1970 UTC of the earliest time the event gives; undefined where it gives none. */
  readonly time: number | undefined;
  /** What an answer to a listed name says of connections to come. */
  readonly lesson?: Lesson;
  /** sha-256 (hex, 32 characters) over what the matcher reads in the event. Our tag is not in it. */
  readonly digest: string;
  /** Internal addresses that a host says are its own. */
  readonly claims: readonly string[];
  /** Why none of it counts: it is counted as excepted, and neither tagged nor written. */
  readonly excepted?: string;
}

import { readFileSync } from 'node:fs';
import type { Direction, EventDocument, Side } from '../../src/model/event.ts';
import type { Kind } from '../../src/model/indicator.ts';
import type { Entity, Severity } from '../../src/model/match.ts';
import type { Policy } from '../../src/model/policy.ts';

/** What an engine must say of one event, with the lookups of lookups.json. Every engine runs the same cases. */
export interface ContractCase {
  /** Distinct within its file. */
  readonly name: string;
  readonly event: EventDocument;
  /** What differs from the default policy. */
  readonly policy?: Partial<Policy>;
  /** null: nothing matches. */
  readonly expect: Expected | null;
}

export interface Expected {
  /** In any order. `indicator` as `indicatorName` shows it; points are not rounded. */
  readonly matches: readonly ExpectedMatch[];
  readonly score: number;
  readonly severity: Severity;
  readonly entity: Entity;
  readonly direction: Direction;
  readonly denied: boolean;
  /** Told where the case is about it. */
  readonly scope?: string;
  /** ISO 8601 UTC, or null for none. Told where the case is about it. */
  readonly time?: string | null;
}

export interface ExpectedMatch {
  readonly field: string;
  readonly side: Side;
  readonly kind: Kind;
  readonly value: string;
  readonly indicator: string;
  readonly points: number;
}

export const TOPICS = ['ports', 'names', 'addresses', 'denial', 'entity', 'shapes', 'kinds'] as const;

function read(name: string): string {
  return readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8');
}

export function contractCases(topic: (typeof TOPICS)[number]): readonly ContractCase[] {
  return JSON.parse(read(topic)) as readonly ContractCase[];
}

/** Texts of the lookup files all cases share. */
export function contractLookups(): readonly string[] {
  return (JSON.parse(read('lookups')) as readonly unknown[]).map((file) => JSON.stringify(file));
}

import type { IndicatorType } from '../../src/model/indicator.ts';
import type { Claim } from './claim.ts';
import { ORIGINS } from './origins.ts';

export type Confidence = 'low' | 'medium' | 'high';
export type Category = 'pool' | 'stratum' | 'donation' | 'browser-miner' | 'site' | 'malware';

/** A row of a lookup file. Its keys are written in this order. */
export interface Row {
  readonly value: string | number;
  readonly port?: number;
  readonly type: IndicatorType;
  readonly category?: Category;
  readonly confidence: Confidence;
  readonly excludes?: readonly string[];
  readonly params?: readonly string[];
  readonly provider?: string;
  readonly licence?: string;
  readonly reference?: string;
  readonly note?: string;
  /** YYYY-MM-DD. */
  readonly expires?: string;
}

const CONFIDENCES: readonly Confidence[] = ['low', 'medium', 'high'];

export function atLeast(a: Confidence, b: Confidence): boolean {
  return CONFIDENCES.indexOf(a) >= CONFIDENCES.indexOf(b);
}

/** The URL to cite: of the first block that gives exactly one, else where the origin is published. */
export function referenceOf(claims: readonly [Claim, ...Claim[]]): string {
  const exact = claims.find(({ block }) => block.references.length === 1);
  return exact?.block.references[0] ?? ORIGINS[claims[0].block.origin].reference;
}

/** Claims of one value, by value, in the order in which the lists have them. */
export function groupClaims(
  claims: readonly Claim[],
  key: (claim: Claim) => string,
): Map<string, readonly [Claim, ...Claim[]]> {
  const groups = new Map<string, [Claim, ...Claim[]]>();
  for (const claim of claims) {
    const group = groups.get(key(claim));
    if (group === undefined) groups.set(key(claim), [claim]);
    else group.push(claim);
  }
  return groups;
}

/** Parts of a note, the empty ones left out; undefined if nothing is left. */
export function noteOf(...parts: readonly (string | undefined)[]): string | undefined {
  const filled = parts.filter((part) => part !== undefined);
  return filled.length === 0 ? undefined : filled.join('; ');
}

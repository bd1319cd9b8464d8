import type { Indicator } from './indicator.ts';

/** Name under which matches by a learned address stand, where others have their lookup's. */
export const LEARNED_ADDRESSES = 'learned-addresses';

/** What is kept of the indicator that a DNS question met. */
export type AskedFor = Pick<
  Indicator,
  'value' | 'confidence' | 'provider' | 'licence' | 'reference' | 'category' | 'lookup'
>;

/**
 * What the answer to a listed name teaches: for some time its addresses are mining's, for those who asked and for
 * nobody else. Pure function of event, tables and policy.
 */
export interface Lesson {
  /** The name as it was asked for, or as an alias led to it. */
  readonly name: string;
  /** Who asked: addresses in normal form and, where a host tells of itself, its entity's name. */
  readonly askers: readonly string[];
  /** Addresses of the answer, normal form. */
  readonly addresses: readonly string[];
  /** Milliseconds since 1970 UTC of the answer, and of its end: an hour to a day later. */
  readonly from: number;
  readonly until: number;
  readonly indicator: AskedFor;
}

/** A lesson, and where it was had. */
export interface LearnedLesson extends Lesson {
  /** Equal addresses of two scopes are two clients. */
  readonly scope: string;
  /** Where the DNS event lies: `index/id`, or `file:line`. */
  readonly event: string;
}

/** An address that is mining's for one asker for some time. */
export interface LearnedAddress {
  readonly address: string;
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly indicator: AskedFor;
  readonly event: string;
  /** It serves many sites, so that its confidence is low whatever the name's. */
  readonly shared: boolean;
}

import type { Confidence } from './indicator.ts';

export const FEED_FORMATS = ['plain', 'hosts', 'csv', 'misp', 'stix', 'threatfox'] as const;
export type FeedFormat = (typeof FEED_FORMATS)[number];

/** Kinds a stranger's list may make a lookup of: values that are checked one by one, never texts with wildcards. */
export const FEED_KINDS = ['domain', 'address', 'url', 'process'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** A column by its name in the head line, or by its number from 1. */
export type CsvColumn = string | number;

/** How the lines of a CSV feed are read. */
export interface CsvForm {
  readonly column: CsvColumn;
  /** One character. */
  readonly delimiter: string;
  /** Of addresses: makes each row a socket. */
  readonly port?: CsvColumn;
  readonly first_seen?: CsvColumn;
  readonly last_seen?: CsvColumn;
  readonly reference?: CsvColumn;
  readonly note?: CsvColumn;
  readonly expires?: CsvColumn;
}

/** The upstream of a lookup: a list somebody else publishes, and what we make of it. Durations are milliseconds. */
export interface Feed {
  /** Name of the lookup it makes. */
  readonly name: string;
  /** May hold `{key}`, the place of the key. Its query may be a secret: it is never shown. */
  readonly url: string;
  readonly format: FeedFormat;
  readonly kind: FeedKind;
  readonly confidence: Confidence;
  readonly category?: string;
  readonly provider: string;
  readonly licence: string;
  readonly reference: string;
  readonly every: number;
  readonly csv?: CsvForm;
  /** Only rows in whose labels one of these words stands; without it, all rows. */
  readonly only?: readonly string[];
  /** Environment variable that holds the key. */
  readonly api_key_env?: string;
  readonly api_key_header: string;
  /** Without TLS, also after a redirect. */
  readonly insecure: boolean;
  /** Longest body, as sent and unpacked. */
  readonly max_bytes: number;
  readonly timeout: number;
  /** Share of rows that may be unreadable or refused by the guards. */
  readonly max_bad: number;
  /** Share of the rows of the last good version that may be gone. */
  readonly max_shrink: number;
  /** How many times the rows of the last good version may be new. */
  readonly max_growth: number;
  /** How long after its last sighting a row counts. */
  readonly expires?: number;
}

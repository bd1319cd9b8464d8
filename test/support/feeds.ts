import { type Made, makeRows } from '../../src/feeds/make.ts';
import { FeedError } from '../../src/model/errors.ts';
import type { Feed } from '../../src/model/feed.ts';
import type { LookupRow } from '../../src/schema/lookup.ts';
import { TODAY } from './tables.ts';

const GIVEN = {
  name: 'pools',
  url: 'https://example.org/list',
  format: 'plain',
  kind: 'domain',
  provider: 'us',
  licence: 'Apache-2.0',
  reference: 'https://example.org/',
} as const;

/** A feed as the configuration file has it. */
export function feedFileOf(own: object): object {
  return { ...GIVEN, ...own };
}

/** A feed as the program has it. */
export function feedOf(own: Partial<Feed> = {}): Feed {
  return {
    ...GIVEN,
    confidence: 'medium',
    every: 3_600_000,
    api_key_header: 'Auth-Key',
    insecure: true,
    max_bytes: 1_000_000,
    timeout: 5_000,
    max_bad: 0.5,
    max_shrink: 0.5,
    max_growth: 5,
    ...own,
  };
}

/** A body; an object stands for its JSON. */
export type Content = string | object | Uint8Array;

/** The rows of a body, today. */
export function makeOf(content: Content, own: Partial<Feed>, before: readonly LookupRow[] = []): Made {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return makeRows(content instanceof Uint8Array ? content : Buffer.from(text), feedOf(own), before, TODAY);
}

/** Why a body is refused. Throws where it is not. */
export function refusalOf(content: Content, own: Partial<Feed> = {}, before: readonly LookupRow[] = []): FeedError {
  try {
    makeOf(content, own, before);
  } catch (error) {
    if (error instanceof FeedError) return error;
    throw error;
  }
  throw new Error('a FeedError was expected');
}

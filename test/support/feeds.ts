import type { Feed } from '../../src/model/feed.ts';

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

import { describe, expect, test } from '@jest/globals';
import { shownConfig } from '../../../src/config/describe.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { feedFileOf } from '../../support/feeds.ts';

function load(feeds: readonly object[], more: object = { feeds_folder: 'made' }) {
  const text = JSON.stringify({ feeds, ...more });
  return loadConfig({ file: '/etc/c.json', env: {}, read: () => ({ text, mode: 0o600 }) });
}

function failure(feeds: readonly object[], more?: object): string {
  try {
    load(feeds, more);
  } catch (error) {
    return String(error);
  }
  throw new Error('a fault was expected');
}

describe('feeds in the configuration', () => {
  test('get their defaults, durations in milliseconds, and a folder beside the file', () => {
    const config = load([feedFileOf({ expires: '90d' })]);
    expect(config.feeds_folder).toBe('/etc/made');
    expect(config.feeds[0]).toEqual({
      ...feedFileOf({}),
      confidence: 'low',
      every: 86_400_000,
      timeout: 60_000,
      expires: 90 * 86_400_000,
      api_key_header: 'Auth-Key',
      insecure: false,
      max_bytes: 67_108_864,
      max_bad: 0.1,
      max_shrink: 0.5,
      max_growth: 5,
    });
  });

  test('are shown as they may be written, without what a URL may hold of secrets', () => {
    const shown = shownConfig(load([feedFileOf({ url: 'https://example.org/list?token=abc', every: '6h' })]));
    expect(shown.feeds).toMatchObject([{ url: 'https://example.org/(set)', every: '6h', timeout: '1m' }]);
  });

  test.each([
    [{ url: 'http://example.org/list' }, 'has an http URL; give an https one'],
    [{ url: 'https://jane:secret@example.org/' }, 'must be an https URL without user name and password'],
    [{ url: 'file:///etc/passwd' }, 'must be an https URL'],
    [{ format: 'csv' }, 'has format csv without csv.column'],
    [{ csv: { column: 1 } }, 'gives csv, which only format csv needs'],
    [{ url: 'https://example.org/{key}/list' }, 'has {key} in its URL without api_key_env'],
    [{ kind: 'user-agent' }, 'must be one of domain, address, url, process'],
    [{ max_shrink: 2 }, 'must be a share from 0 to 1, found 2'],
    [{ name: '../up' }, 'at most 100 lower-case letters'],
  ])('%j is a fault', (own, message) => {
    const told = failure([feedFileOf(own)]);
    expect(told).toContain(message);
    expect(told).not.toContain('secret@');
  });

  test('need a folder, and a name each', () => {
    expect(failure([feedFileOf({})], {})).toContain('gives feeds without feeds_folder');
    expect(failure([feedFileOf({}), feedFileOf({})])).toContain('"pools" is taken by an earlier entry');
  });
});

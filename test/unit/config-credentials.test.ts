import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';

const BY_SYSTEMD = '/run/credentials/minecanary.service/api-key';

/** The API key of a file that the environment names. */
function apiKeyOf(path: string, mode: number): string | undefined {
  const env = { ELASTICSEARCH_API_KEY_FILE: path };
  return loadConfig({ env, read: () => ({ text: 'key\n', mode }) }).elasticsearch.apiKey;
}

describe('what systemd keeps for the service', () => {
  test.each([0o400, 0o440])('is read with mode %o: the group’s rights are the mask of an access list', (mode) => {
    expect(apiKeyOf(BY_SYSTEMD, mode)).toBe('key');
  });

  test.each([0o444, 0o460, 0o404])('is refused with mode %o', (mode) => {
    expect(() => apiKeyOf(BY_SYSTEMD, mode)).toThrow('users other than its owner may use');
  });
});

test.each(['/etc/minecanary/api-key', '/run/credentials/api-key', '/run/credentials/a.service/../../../tmp/key'])(
  '%s is none of it',
  (path) => {
    expect(apiKeyOf(path, 0o400)).toBe('key');
    expect(() => apiKeyOf(path, 0o440)).toThrow('users other than its owner may use');
  },
);

import { describe, expect, test } from '@jest/globals';
import { secretsOf, type WebhookConfig } from '../../src/config/config.ts';
import { describeConfig, shownConfig } from '../../src/config/describe.ts';
import { type ConfigOrigins, loadConfig } from '../../src/config/load.ts';

const SECRET = 's3cret';
const ENV = { HOOK: `https://hooks.example.org/services/${SECRET}?t=1`, TOKEN: ` ${SECRET}\n`, ODD: `${SECRET}\u0000` };

function origins(webhook: object, env: ConfigOrigins['env'] = ENV): ConfigOrigins {
  const text = JSON.stringify({ alerts: { webhook } });
  return { file: 'c.json', env, read: () => ({ text, mode: 0o600 }) };
}

function webhookOf(webhook: object): WebhookConfig | undefined {
  return loadConfig(origins(webhook)).alerts.webhook;
}

test('variables stand in url and headers, and the rest has defaults', () => {
  expect(webhookOf({ url: '${HOOK}', headers: { Authorization: 'Bearer ${TOKEN}' } })).toEqual({
    url: ENV.HOOK,
    headers: { authorization: `Bearer ${SECRET}` },
    min_severity: 'low',
    name: 'webhook',
    timeout: 10_000,
    insecure: false,
  });
  expect(webhookOf({ url: 'https://chat.example.org/hooks/${TOKEN}' })?.url).toBe(
    `https://chat.example.org/hooks/${SECRET}`,
  );
  expect(webhookOf({ url: 'http://10.0.0.1/', insecure: true })?.url).toBe('http://10.0.0.1/');
});

test('what it is asked with is a secret, and never shown', () => {
  const config = loadConfig(origins({ url: '${HOOK}', headers: { 'X-Key': '${TOKEN}', b: 'Bearer ${TOKEN}x' } }));
  expect(secretsOf(config)).toEqual([ENV.HOOK, SECRET, `Bearer ${SECRET}x`, `${SECRET}x`]);
  const shown = describeConfig(config) + JSON.stringify(shownConfig(config));
  for (const line of ['url: (set)', 'headers: (set)', 'timeout: 10s'])
    expect(shown).toContain(`alerts.webhook.${line}\n`);
  expect(shown).not.toContain(SECRET);
});

describe('faults name the key and the variable, and quote nothing', () => {
  test.each<[object, string]>([
    [{}, '/alerts/webhook: the key "url" is missing'],
    [{ url: '${ABSENT}' }, '/alerts/webhook/url: needs the environment variable ABSENT, which is not set'],
    [{ url: 'https://a/${ABSENT}' }, '/alerts/webhook/url: needs the environment variable ABSENT, which is not set'],
    [{ url: '${TOKEN}' }, '/alerts/webhook/url: is no https URL'],
    [{ url: '${ODD}' }, '/alerts/webhook/url: is no https URL'],
    [{ url: 'ftp://a/s3cret' }, '/alerts/webhook/url: must be an https URL'],
    [{ url: 'http://a/s3cret' }, '/alerts/webhook/url: is an http URL; give an https one, or insecure: true'],
    [{ url: 'https://${TOKEN}:x@a/' }, '/alerts/webhook/url: has a user name or password in its URL'],
    [{ url: 'https://u:s3cret@a/' }, '/alerts/webhook/url: has a user name or password in its URL'],
    [{ url: 'https://a b/s3cret' }, '/alerts/webhook/url: must be an https URL'],
    [
      { url: '${HOOK}', headers: { Authorization: 's3cret' } },
      '/alerts/webhook/headers/Authorization: must be text that takes what is secret from the environment',
    ],
    [
      { url: '${HOOK}', headers: { Authorization: '${ABSENT}' } },
      '/alerts/webhook/headers/Authorization: needs the environment variable ABSENT, which is not set',
    ],
    [{ url: '${HOOK}', headers: { a: '${ODD}' } }, '/alerts/webhook/headers/a: holds characters that no header may'],
    [{ url: '${HOOK}', headers: { 'a b': '${TOKEN}' } }, 'the key must be the name of a header'],
    [{ url: '${HOOK}', timeout: '0s' }, '/alerts/webhook/timeout: must be a duration above 0'],
    [{ url: '${HOOK}', name: 'A b' }, '/alerts/webhook/name: must be at most 64 lower-case letters'],
  ])('%j', (webhook, fault) => {
    const load = () => loadConfig(origins(webhook));
    expect(load).toThrow(fault);
    expect(load).not.toThrow(SECRET);
  });
});

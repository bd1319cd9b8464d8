import { chmod } from 'node:fs/promises';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCli } from '../support/cli.ts';
import { type Echo, echo, echoServer, SECRETS, tracesIn } from '../support/secrets.ts';
import {
  asking,
  DONE,
  expectNone,
  FAILED,
  INIT,
  type SecretsCorner,
  secretsCorner,
  USAGE,
} from '../support/secrets-corner.ts';
import { makeCertificates } from '../support/secure/certificates.ts';
import { secureElasticsearch } from '../support/secure/elasticsearch.ts';
import { tlsServer } from '../support/secure/tls-server.ts';
import { listen } from '../support/stand-in.ts';

const { certificates } = secureElasticsearch();
let corner: SecretsCorner;
beforeAll(async () => {
  corner = await secretsCorner();
});
afterAll(() => corner.close());

describe('help', () => {
  test('takes no secret on the command line, where every user of the machine can read it', async () => {
    const names = 'run setup init doctor scan hunt explain status report'.split(' ').map((name) => [name, '--help']);
    const lookups = 'list validate update explain export'.split(' ').map((name) => ['lookups', name, '--help']);
    const { stdout } = await corner.run(DONE, [['--help'], ...names, ...lookups]);
    expect(stdout.match(/^Usage:/gm)).toHaveLength(15);
    expect(stdout).not.toMatch(/--[a-z-]*(password|key|token|secret|user|header)/i);
  });
});

/** Ways to give credentials to a server: a configuration's keys, and variables. */
const WAYS: Readonly<Record<string, (node: string) => { keys: object; own?: Record<string, string> }>> = {
  password: (node) => ({ keys: { node, username: 'elastic', password: SECRETS.password } }),
  'password of the URL': (node) => {
    const full = new URL(node);
    [full.username, full.password] = ['elastic', SECRETS.password];
    return { keys: { node: full.href } };
  },
  'password file': (node) => ({ keys: { node, username: 'elastic', passwordFile: 'password' } }),
  'API key': (node) => ({ keys: { node, apiKey: SECRETS.apiKey } }),
  'API key file': (node) => ({ keys: { node, apiKeyFile: 'api-key' } }),
  variables: (node) => ({
    keys: { node },
    own: { ELASTICSEARCH_USERNAME: 'elastic', ELASTICSEARCH_PASSWORD: SECRETS.password },
  }),
  'variable of the key': (node) => ({ keys: { node }, own: { ELASTICSEARCH_API_KEY: SECRETS.apiKey } }),
};

describe('a server that says back what it hears', () => {
  beforeAll(async () => {
    for (const [name, secret] of [
      ['password', SECRETS.password],
      ['api-key', SECRETS.apiKey],
    ] as const) {
      const file = corner.folder.file(name, `${secret}\n`);
      await chmod(file, 0o600);
    }
  });

  test.each<[number, Echo, string]>([
    [401, 'error', 'password'],
    [403, 'error', 'password of the URL'],
    [500, 'error', 'API key'],
    [400, 'error', 'variables'],
    [500, 'page', 'password file'],
    [200, 'text', 'API key file'],
    [200, 'broken JSON', 'password'],
    [500, 'broken JSON', 'password'],
    [302, 'redirect', 'variable of the key'],
    [200, 'other product', 'API key'],
  ])('%i, as %s: %s', async (status, as, way) => {
    const server = await corner.kept(echoServer());
    server.answer = echo(status, as);
    const { keys, own = {} } = WAYS[way]?.(server.url) ?? { keys: {} };
    const config = corner.configOf('echo', keys);
    const ended = await corner.run(FAILED, asking(config), own);
    expect(server.requests).toBeGreaterThan(10);
    expect(ended.stderr).toContain('error: ');
    await corner.run(
      DONE,
      [
        [...INIT, '--config', config],
        [...INIT, '--json', '--config', config],
      ],
      own,
    );
  });
});

describe('a server that', () => {
  const auth = { username: 'elastic', password: SECRETS.password };

  test('is not there', async () => {
    await corner.run(FAILED, asking(corner.configOf('refused', { node: 'http://127.0.0.1:1', ...auth })).slice(5, 6));
  });

  test('cuts the connection', async () => {
    const server = await corner.kept(listen(createServer((_, response) => void response.destroy())));
    await corner.run(FAILED, asking(corner.configOf('cut', { node: server.url, ...auth })).slice(5, 6));
  });

  test('shows another certificate, in vain', async () => {
    const server = await corner.kept(tlsServer(makeCertificates(corner.folder.path, 'other')));
    const { caFile, fingerprint } = certificates;
    const commands = [{ caFile }, { caFingerprint: fingerprint }].map((trust, i) => [
      'status',
      '--config',
      corner.configOf(`tls-${i}`, { node: server.url, ...auth, ...trust }),
    ]);
    await corner.run(FAILED, commands);
    expect(server.requests).toEqual([]);
  });
});

describe('a configuration that is wrong', () => {
  test('in the URL of the server', async () => {
    const password = encodeURIComponent(SECRETS.password);
    const urls = [
      `http://elastic:${password}@es:port`,
      `http://elastic:${password}@es:99999`,
      `es://elastic:${password}@es`,
      `elastic:${password}@es:9200`,
      `http://elastic:${SECRETS.query}#@es:9200`,
      `http://es:9200/?api_key=${SECRETS.query}`,
      `http://elastic:${password}@es,http://elastic:${password}@es`,
      `//${SECRETS.query}@es`,
    ];
    const files = urls.map((node, i) => corner.configOf(`url-${i}`, { node }));
    await corner.run(
      USAGE,
      files.map((file) => ['doctor', '--config', file]),
    );
    for (const node of urls.slice(0, 2)) {
      const ended = await runCli(['doctor', '--json'], { env: { ...corner.env, ELASTICSEARCH_URL: node } });
      expectNone(ended);
      expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('ELASTICSEARCH_URL') });
    }
  });

  test('beside the secret, in YAML and JSON', async () => {
    const { password, query } = SECRETS;
    const texts = {
      'tab.yml': `elasticsearch:\n\tpassword: ${query}\n`,
      'quote.yml': `elasticsearch:\n  username: a\n  password: "${query}\n`,
      'colon.yml': `elasticsearch:\n  username: a\n  password: ${query}: x\n`,
      'glued.yml': `elasticsearch: {username: a, password:${query}}\n`,
      'equals.yml': `elasticsearch:\n  password=${query}: x\n`,
      'twice.yml': `elasticsearch:\n  password: ${query}\n  password: ${query}\n`,
      'alias.yml': `elasticsearch:\n  password: *${query}\n`,
      'tag.yml': `elasticsearch:\n  password: !${query} x\n`,
      'text.yml': `${query}\n`,
      'list.yml': `elasticsearch:\n  username: a\n  password: [${query}]\n`,
      'case.yml': `elasticsearch:\n  username: a\n  Password: ${query}\n`,
      'hook.yml': `alerts:\n  webhook:\n    url: http://a.example/${query}\n    headers: {Authorization: "Bearer ${query}"}\n`,
      'header.yml': `alerts: {webhook: {url: https://a.example/x, headers: {"Authorization: Bearer ${query}": x}}}\n`,
      'feed.yml': `feeds: [{name: a, url: "ftp://u:${query}@a.example", key: ${query}, api_key_env: "${query}"}]\n`,
      'quote.json': `{"elasticsearch": {"password": "${query}}}`,
      'bare.json': `{"elasticsearch": {"password": ${query}}}`,
      'twice.json': JSON.stringify({ elasticsearch: { password } }).replace('}', `, "password": "${query}"}`),
    };
    const files = Object.entries(texts).map(([name, text]) => corner.folder.file(name, text));
    const { stderr } = await corner.run(
      USAGE,
      files.flatMap((file) => [['status', '--json', '--config', file]]),
    );
    for (const name of Object.keys(texts)) expect(stderr).toContain(name);
  });

  test('of files that others may read, that are empty, folders, or not there', async () => {
    for (const mode of [0o640, 0o604, 0o666, 0o620]) {
      const file = corner.folder.file(`open-${mode}`, SECRETS.password);
      await chmod(file, mode);
    }
    await chmod(corner.folder.file('empty', ''), 0o600);
    const names = [...[0o640, 0o604, 0o666, 0o620].map((mode) => `open-${mode}`), 'empty', '.', 'absent'];
    const files = names.flatMap((name, i) => [
      corner.configOf(`file-${i}`, { username: 'a', passwordFile: name }),
      corner.configOf(`key-${i}`, { apiKeyFile: name }),
    ]);
    const { stderr } = await corner.run(
      USAGE,
      files.map((file) => ['status', '--config', file]),
    );
    expect(stderr.match(/run: chmod 600/g)).toHaveLength(8);
  });
});

test.each<[number, Echo]>([
  [401, 'page'],
  [500, 'error'],
  [302, 'redirect'],
])('feeds and a webhook whose servers say back what they hear, with %i', async (status, as) => {
  corner.outside.answer = echo(status, as);
  const config = corner.configOf('feeds', { node: 'http://127.0.0.1:1' });
  const before = corner.outside.requests;
  const withConfig = (...args: readonly string[]): string[] => [...args, '--config', config];
  const update = ['lookups', 'update'];
  const { stderr } = await corner.run(FAILED, [withConfig(...update), withConfig(...update, '--json')]);
  const lookups = [['list'], ['list', '--json'], ['validate', '--json']].map((args) => withConfig('lookups', ...args));
  await corner.run(DONE, [...lookups, withConfig('setup', '--print-roles')]);
  expect(corner.outside.requests).toBeGreaterThan(before + 3);
  expect(stderr).toContain('The feed by-path');
});

test('a trace is seen in every form it may take', () => {
  const { password, apiKey } = SECRETS;
  const pair = Buffer.from(`elastic:${password}`);
  const forms = [password, apiKey, encodeURIComponent(password), JSON.stringify(password), pair.toString('base64')];
  for (const form of [...forms, pair.toString('base64url'), pair.toString('hex')]) {
    expect(tracesIn(`a ${form} b`)).not.toEqual([]);
  }
  expect(tracesIn('nothing of it, planted or not: aGVsbG8gd29ybGQ=')).toEqual([]);
});

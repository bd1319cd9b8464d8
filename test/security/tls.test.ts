import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openClient } from '../../src/cli/session.ts';
import { loadConfig } from '../../src/config/load.ts';
import { sourceError } from '../../src/elastic/errors.ts';
import { type Folder, runCli, temporaryFolder } from '../support/cli.ts';
import { feedFileOf } from '../support/feeds.ts';
import { makeCertificates } from '../support/secure/certificates.ts';
import { PASSWORD, secureElasticsearch } from '../support/secure/elasticsearch.ts';
import { tlsServer } from '../support/secure/tls-server.ts';
import { listen, type StandIn } from '../support/stand-in.ts';

const { url, certificates } = secureElasticsearch();
const WRONG = '00'.repeat(32);
const WARNING = 'certificates are not checked';

let folder: Folder;
const servers: StandIn[] = [];
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(async () => {
  for (const server of servers) await server.close();
  folder.remove();
});

async function kept<T extends StandIn>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  servers.push(server);
  return server;
}

const USER = { username: 'minecanary_setup', password: PASSWORD };

/** A command that only asks Elasticsearch, with these keys under `elasticsearch`. */
async function command(keys: object, env: Readonly<Record<string, string>> = {}) {
  const elasticsearch = { node: url, ...USER, ...keys };
  const config = folder.file('c.json', { elasticsearch, sources: [{ name: 'events', index: 'events-*' }] });
  const { code, stdout, stderr } = await runCli(['setup', '--dry-run', '--json', '--config', config], { env });
  expect(stdout + stderr).not.toContain(PASSWORD);
  return { code, stdout, stderr };
}

/** As commands open their client, but for the repetitions: the user that the server knows, or why there is none. */
async function ask(keys: object): Promise<string> {
  const text = JSON.stringify({ elasticsearch: { node: url, ...USER, ...keys } });
  try {
    const config = loadConfig({ env: {}, file: 'test.json', read: () => ({ text, mode: 0o600 }) });
    const client = await openClient(config);
    try {
      return (await client.security.authenticate({}, { maxRetries: 0 })).username;
    } catch (error) {
      throw sourceError('Asking', error);
    } finally {
      await client.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('the certificate is checked', () => {
  const { caFile, fingerprint } = certificates;

  test.each<[string, object]>([
    ['the file of the authority', { caFile }],
    ['the fingerprint of the authority', { caFingerprint: fingerprint }],
    ['the fingerprint without colons', { caFingerprint: fingerprint.replaceAll(':', '').toLowerCase() }],
    ['both', { caFile, caFingerprint: fingerprint }],
    ['the file, where insecure is off', { caFile, insecure: false }],
  ])('by %s', async (_, keys) => {
    expect(await ask(keys)).toBe(USER.username);
  });

  test('and refused without any, or with those of others', async () => {
    const other = makeCertificates(folder.path, 'other');
    const cure = /certificate.*`elasticsearch.caFile`, or its/;
    expect(await ask({})).toMatch(cure);
    expect(await ask({ caFile: other.caFile })).toMatch(cure);
    expect(await ask({ caFile, caFingerprint: WRONG })).toContain('does not match');
    for (const caFingerprint of [WRONG, other.fingerprint]) {
      expect(await ask({ caFingerprint })).toMatch(
        /has the fingerprint of `elasticsearch.caFingerprint`; it shows ..:/,
      );
      expect(await ask({ caFingerprint })).toContain(fingerprint);
    }
  });

  test('and refused for another name', async () => {
    const named = await kept(tlsServer(makeCertificates(folder.path, 'named', { names: 'DNS:es.example' })));
    const { caFile: own, fingerprint: ofOwn } = named.certificates;
    for (const keys of [{ caFile: own }, { caFingerprint: ofOwn }]) {
      expect(await ask({ node: named.url, ...keys })).toMatch(/altnames.*a name that the certificate has/);
    }
    expect(named.requests).toEqual([]);
  });

  test('whatever the environment says, of feeds too', async () => {
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { code, stderr } = await command({}, env);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/certificate.*`elasticsearch.caFile`/)]);
    const server = await kept(tlsServer(makeCertificates(folder.path, 'feed')));
    const feeds = [feedFileOf({ url: `${server.url}/list` })];
    const config = folder.file('feeds.json', { feeds, feeds_folder: folder.folder('made') });
    const updated = await runCli(['lookups', 'update', '--config', config], { env });
    expect(updated).toMatchObject({ code: 1, stderr: expect.stringContaining('certificate') });
    expect(server.requests).toEqual([]);
  });
});

describe('a server that shows the right authority beside a certificate of its own', () => {
  test('is refused by file and by fingerprint, and gets no credentials', async () => {
    const impostor = await kept(tlsServer(makeCertificates(folder.path, 'impostor'), certificates.ca));
    const { caFile, fingerprint } = certificates;
    for (const keys of [{ caFile }, { caFingerprint: fingerprint }, { caFile, caFingerprint: fingerprint }]) {
      expect(await ask({ node: impostor.url, ...keys })).toMatch(/certificate|signature/);
    }
    expect(await ask({ node: impostor.url, caFile: impostor.certificates.caFile })).not.toMatch(
      /certificate|signature/,
    );
    expect(impostor.requests).toEqual(['GET /_security/_authenticate']);
  });
});

describe('unchecked', () => {
  test('only where it is said, and each start warns', async () => {
    for (const run of [1, 2]) {
      const { code, stderr } = await command({ insecure: true });
      expect([run, code, stderr.split(WARNING).length - 1]).toEqual([run, 0, 1]);
    }
  });

  test.each([{ caFile: certificates.caFile }, { caFingerprint: certificates.fingerprint }])(
    'and not beside %j',
    async (keys) => {
      expect(await ask({ insecure: true, ...keys })).toContain('gives both insecure: true and ca');
    },
  );
});

describe('the wrong protocol is told, with the cure', () => {
  const http = url.replace('https', 'http');

  test('http where the server speaks TLS', async () => {
    expect(await ask({ node: http })).toContain('write https://');
  });

  test('a fingerprint beside an http URL', async () => {
    expect(await ask({ node: http, caFingerprint: certificates.fingerprint })).toContain('is no https URL');
  });

  test('https where it speaks none', async () => {
    const plain = await kept(listen(createServer((_, response) => void response.end())));
    const node = plain.url.replace('http', 'https');
    expect(await ask({ node })).toContain('write http://');
    expect(await ask({ node, caFingerprint: certificates.fingerprint })).toContain('speaks TLS');
  });
});

/** A second Elasticsearch, with security and TLS on, and a user for each role that is tested. */
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@elastic/elasticsearch';
import { findElasticsearch, startElasticsearch } from '../../../scripts/elasticsearch/server.ts';
import { connect } from '../../../src/elastic/client.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { allRoles } from './roles.ts';

/** Every user's. A user is named as its role. */
export const PASSWORD = 'pl4nted+pass/word';
export const ADMIN = 'admin';

/** What the test files need to know of the server. */
export interface SecureElasticsearch {
  readonly url: string;
  /** What its state lies in, with room for what tests write. */
  readonly folder: string;
  readonly certificates: Certificates;
}

const VARIABLE = 'MINECANARY_SECURE_ELASTICSEARCH';
const SETTINGS = {
  'xpack.security.enabled': true,
  'xpack.security.autoconfiguration.enabled': false,
  'xpack.security.http.ssl.enabled': true,
  'xpack.security.http.ssl.certificate': 'http.crt',
  'xpack.security.http.ssl.key': 'http.key',
};

/** The server that Jest's globalSetup started. */
export function secureElasticsearch(): SecureElasticsearch {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error('No test server: run this file with `jest --selectProjects security`.');
  return JSON.parse(text) as SecureElasticsearch;
}

/** A client of the user that has a role, or of the superuser. */
export function clientOf(user = ADMIN, { url, certificates } = secureElasticsearch()): Client {
  return connect({ node: [url], username: user, password: PASSWORD, ca: certificates.ca });
}

/** Starts the server; `secureElasticsearch` tells this process, and those it starts, where it is. */
export async function startSecureElasticsearch(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'minecanary-secure-'));
  // Its user is another than root, where root runs the tests.
  chmodSync(folder, 0o755);
  const certificates = makeCertificates(folder, 'http');
  const roles = Object.entries(allRoles());
  const files = {
    'http.crt': certificates.chain,
    'http.key': certificates.key,
    // JSON is YAML.
    'roles.yml': roles.map(([name, role]) => `${name}: ${JSON.stringify(role)}\n`).join(''),
    users: [ADMIN, ...roles.map(([name]) => name)].map((name) => `${name}:${hashed(PASSWORD)}\n`).join(''),
    users_roles: `superuser:${ADMIN}\n${roles.map(([name]) => `${name}:${name}\n`).join('')}`,
  };
  const isHealthy = (url: string): Promise<boolean> => healthIsGood(clientOf(ADMIN, { url, folder, certificates }));
  const { url } = await startElasticsearch({ folder, settings: SETTINGS, files, isHealthy });
  process.env[VARIABLE] = JSON.stringify({ url, folder, certificates });
}

/** Ends the server and removes all it wrote. */
export async function stopSecureElasticsearch(): Promise<void> {
  const { folder } = secureElasticsearch();
  await findElasticsearch(folder)?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function healthIsGood(client: Client): Promise<boolean> {
  try {
    const { status } = await client.cluster.health({}, { maxRetries: 0, requestTimeout: 5000 });
    return status !== 'red';
  } catch {
    return false;
  } finally {
    await client.close();
  }
}

/** As the file realm of Elasticsearch reads it. */
function hashed(password: string): string {
  const [rounds, salt] = [1000, randomBytes(32)];
  const hash = pbkdf2Sync(password, salt, rounds, 32, 'sha512');
  return `{PBKDF2}${rounds}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

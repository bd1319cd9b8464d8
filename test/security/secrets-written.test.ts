import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCli, startCli } from '../support/cli.ts';
import { echo, tracesIn } from '../support/secrets.ts';
import {
  asking,
  DONE,
  EVENTS,
  expectNone,
  FAILED,
  INIT,
  type SecretsCorner,
  secretsCorner,
} from '../support/secrets-corner.ts';
import { between, type Instead, refusedBulk } from '../support/secure/between.ts';
import { ADMIN, clientOf, PASSWORD, secureElasticsearch } from '../support/secure/elasticsearch.ts';

const { url, certificates } = secureElasticsearch();
const admin = clientOf(ADMIN);
let corner: SecretsCorner;
beforeAll(async () => {
  corner = await secretsCorner();
});
afterAll(async () => {
  await admin.indices.delete({ index: EVENTS, ignore_unavailable: true });
  await admin.close();
  await corner.close();
});

/** Everything that lies in our indices and in the source. */
async function written(): Promise<string> {
  const index = ['minecanary-*', 'logs-minecanary.*', EVENTS];
  await admin.indices.refresh({ index, ignore_unavailable: true });
  const { hits } = await admin.search({ index, size: 1000, expand_wildcards: 'all', ignore_unavailable: true });
  expect(hits.hits.length).toBeGreaterThan(1);
  return JSON.stringify(hits.hits);
}

describe('the real server', () => {
  const auth = { username: ADMIN, password: PASSWORD };
  const secure = { node: url, ...auth, caFile: certificates.caFile };

  beforeAll(async () => {
    corner.outside.answer = (_, response) => response.end('pool.secrets-of-us.org\n');
    const time = new Date().toISOString();
    const document = { '@timestamp': time, event: { ingested: time }, source: { ip: '10.9.9.9' } };
    const pool = { ...document, dns: { question: { name: 'xmr.pool.minexmr.com' } } };
    await admin.index({ index: EVENTS, id: 'a', document: pool, refresh: true });
  });

  test('gets no secret written by what fails in a run', async () => {
    const answered: string[] = [];
    const instead: Instead = (line, body, heard) => {
      if (!line.includes('_bulk') || !body.includes('minecanary-matches')) return undefined;
      answered.push(line);
      return refusedBulk(body, heard);
    };
    const server = await corner.kept(between(instead));
    const config = corner.configOf('faulty', { node: server.url, ...auth });
    await corner.run(DONE, [['setup', '--config', config]]);
    const { stderr } = await corner.run(FAILED, [['run', '--once', '--config', config]]);
    expect(answered.length).toBeGreaterThan(0);
    expect(stderr).toContain('failed to parse, sent with');
    expect(await written()).toContain('failed to parse, sent with');
    expect(tracesIn(await written())).toEqual([]);
    const { stdout } = await corner.run(DONE, [['status', '--json', '--config', config]]);
    expect(stdout).toContain('failed to parse, sent with');
  });

  test('is asked by every command, and none tells', async () => {
    const config = corner.configOf('good', secure);
    const event = corner.folder.file('event.json', {
      '@timestamp': '2026-11-24T00:00:00Z',
      destination: { port: 3333 },
    });
    await corner.run(
      DONE,
      asking(config).filter(([name]) => name !== 'doctor'),
    );
    const doctor = await runCli(['doctor', '--config', config], { env: corner.env });
    expectNone(doctor);
    expect(doctor.stdout).toContain('(set)');
    const files = ['scan', 'explain'].map((name) => [name, event, '--json', '--config', config]);
    const exports = ['stix', 'csv', 'sigma'].map((name) => ['lookups', 'export', '--format', name, '--config', config]);
    const init = [INIT, [...INIT, '--json']].map((args) => [...args, '--config', config]);
    const lookups = [
      ['lookups', 'update'],
      ['lookups', 'list'],
      ['lookups', 'explain', 'pool.secrets-of-us.org'],
    ].map((args) => [...args, '--config', config]);
    const { stdout } = await corner.run(DONE, [...files, ...exports, ...init, ...lookups]);
    expect(stdout).toContain('by-path');
    expect(tracesIn(await written())).toEqual([]);
    expect(tracesIn(readdirSync(join(corner.folder.path, 'feeds')).join())).toEqual([]);
  });

  test('is worked on by schedule, and neither log nor posts tell, though the receiver says all back', async () => {
    corner.outside.answer = echo(500, 'error');
    const worker = startCli(['run', '--config', corner.configOf('worker', secure)], { env: corner.env });
    await worker.saying(/events seen/);
    await worker.saying(/by-path/);
    worker.child.kill('SIGTERM');
    const { code, stdout, stderr } = await worker.ended;
    expect(code).toBe(0);
    expectNone({ stdout, stderr });
    for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('message');
    expect(tracesIn(await written())).toEqual([]);
  });
});

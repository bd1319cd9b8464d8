import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/load.ts';
import type { Discovery } from '../../src/setup/discover/discover.ts';
import { type Ended, runCli, temporaryFolder } from '../support/cli.ts';
import { elasticsearchUrl } from '../support/elasticsearch.ts';
import { type Corner, daysAgo, openCorner } from '../support/worker.ts';

const folder = temporaryFolder();
const out = `${folder.path}/minecanary.yml`;
let corner: Corner;

beforeAll(async () => {
  corner = await openCorner();
  const { name } = corner;
  const keyword = { type: 'keyword' as const };
  const event = { properties: { dataset: keyword } };
  const dns = { properties: { question: { properties: { name: keyword } } } };
  await corner.index('fw-2026.11.23', { mappings: { properties: { ts: { type: 'date' }, event, dns } } });
  await corner.put(`${name}fw-2026.11.23`, {
    a: { ts: daysAgo(1), event: { dataset: 'zeek.dns' }, dns: { question: { name: 'pool.minexmr.com' } } },
    b: { ts: daysAgo(1), event: { dataset: 'zeek.dns' } },
  });
  // As Elasticsearch maps texts by itself.
  await corner.index('fw-2026.11.24');
  await corner.put(`${name}fw-2026.11.24`, { c: { ts: daysAgo(1), event: { dataset: 'fortinet_fortigate.log' } } });
  await corner.index('shop', { mappings: { properties: { price: { type: 'long' } } } });
}, 60_000);
afterAll(async () => {
  await corner.close();
  folder.remove();
});

function init(args: readonly string[], url = elasticsearchUrl(), env = {}): Promise<Ended> {
  return runCli(['init', ...args], { env: { ELASTICSEARCH_URL: url, ...env } });
}

describe('init', () => {
  test('writes what is there: sources by their names, with time, events and data sets; and what is left out', async () => {
    const ended = await init(['--out', out, '--json'], elasticsearchUrl(), { ELASTICSEARCH_API_KEY: 'planted-key' });
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' });
    const found = JSON.parse(ended.stdout) as Discovery & { out: string; asked: boolean };
    expect(found).toMatchObject({ out, asked: true });
    const index = `${corner.name}fw-*`;
    const source = found.sources.find((one) => one.index === index);
    expect(source).toMatchObject({ name: `${corner.name}fw`, timestamp: 'ts', documents: 3, fields: 1 });
    expect(source?.datasets).toEqual([{ name: 'zeek.dns', documents: 2, kind: 'DNS' }]);
    expect(found.left_out).toContainEqual({
      index: `${corner.name}shop`,
      why: 'none of its fields can match; with `fields` its own can be named',
    });
    expect(found.sources.filter((one) => /minecanary/.test(one.index))).toEqual([]);
    const { sources } = loadConfig({ env: {}, file: out });
    expect(sources).toContainEqual({
      name: `${corner.name}fw`,
      index: [index],
      tag: true,
      timestamp: 'ts',
      fields: {},
    });
    expect(readFileSync(out, 'utf8')).not.toContain('planted-key');
  });

  test('never overwrites without --force', async () => {
    const before = readFileSync(out, 'utf8');
    const refused = await init(['--out', out]);
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${out} is there already. Name another with --out, or overwrite it with --force.\n`,
    });
    expect(readFileSync(out, 'utf8')).toBe(before);
    const { code, stdout } = await init(['--out', out, '--force']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${corner.name}fw +${corner.name}fw-\\* +3 +DNS: zeek\\.dns \\(2\\)\\.$`, 'm'));
    expect(stdout).toMatch(/^Next: minecanary doctor --config /m);
  });

  test('writes the defaults where nobody can be asked, and says so', async () => {
    const away = `${folder.path}/away.yml`;
    const { code, stdout, stderr } = await init(['--out', away], 'http://127.0.0.1:1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Wrote \S+away\.yml with the defaults\. /);
    expect(stderr).toMatch(/Elasticsearch could not be asked, so the configuration holds the defaults\./);
    const { sources, elasticsearch } = loadConfig({ env: {}, file: away });
    expect(sources).toMatchObject([{ name: 'logs', index: ['logs-*'] }]);
    expect(elasticsearch.node).toEqual(['http://127.0.0.1:1']);
    expect(readFileSync(away, 'utf8')).toMatch(/^# Elasticsearch could not be asked, so the sources are a guess/m);
  });

  test('prints it with --out -', async () => {
    const { code, stdout, stderr } = await init(['--out', '-']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^# Configuration of minecanary /);
    expect(existsSync('-')).toBe(false);
  });

  test('names a folder that is not there', async () => {
    const { code, stderr } = await init(['--out', `${folder.path}/none/c.yml`]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: \S+c\.yml can't be written: /);
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type InitContent, initConfig } from '../../../src/cli/init-config.ts';
import { writeWhole } from '../../../src/cli/write-file.ts';
import type { Config } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { temporaryFolder } from '../../support/cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const CONTENT: InitContent = {
  elasticsearch: loadConfig({ env: {} }).elasticsearch,
  version: '1.0.0',
  day: '2026-11-24',
  found: { sources: [], left_out: [] },
};
const SOURCE = { name: 'logs', index: 'logs-*', documents: 7, fields: 3, datasets: [] };

function load(text: string): Config {
  return loadConfig({ env: {}, file: 'minecanary.yml', read: () => ({ text, mode: 0o600 }) });
}

describe('the configuration', () => {
  test('holds what was found, and otherwise the defaults', () => {
    const datasets = [
      { name: 'zeek.dns', documents: 5, kind: 'DNS' },
      { name: 'app.orders', documents: 2 },
    ];
    const text = initConfig({
      ...CONTENT,
      found: {
        sources: [
          { ...SOURCE, datasets },
          { ...SOURCE, name: 'fw', index: 'fw-*', timestamp: 'ts' },
          { ...SOURCE, name: 'null', index: 'null' },
        ],
        left_out: [{ index: 'metrics-*', why: 'measurements and traces, no events' }],
      },
    });
    const { sources, ...rest } = load(text);
    const { sources: _, ...defaults } = loadConfig({ env: {} });
    expect(rest).toEqual(defaults);
    const common = { tag: true, timestamp: '@timestamp', fields: {} };
    expect(sources).toEqual([
      { name: 'logs', index: ['logs-*'], ...common },
      { name: 'fw', index: ['fw-*'], ...common, timestamp: 'ts' },
      { name: 'null', index: ['null'], ...common },
    ]);
    expect(text).toContain('  # 7 events, 3 fields that can match. DNS: zeek.dns (5); others: app.orders (2).\n');
    expect(text).toContain('  # Left out: metrics-*, measurements and traces, no events.\n');
  });

  test('takes the connection along, and no secret', () => {
    const elasticsearch = {
      node: ['https://a:9200', 'https://b:9200'],
      username: 'planted-user',
      password: 'planted-password',
      apiKey: 'planted-key',
      caFingerprint: 'ab'.repeat(32),
      insecure: false,
    };
    const text = initConfig({ ...CONTENT, elasticsearch });
    expect(text).not.toContain('planted');
    const { node, caFingerprint } = elasticsearch;
    expect(load(text).elasticsearch).toMatchObject({ node, caFingerprint });
  });

  test('says where nobody could be asked, and why', () => {
    const text = initConfig({ ...CONTENT, found: { why: 'the connection failed\nsources: []' } });
    expect(load(text)).toEqual(loadConfig({ env: {} }));
    expect(text).toMatch(/^# Elasticsearch could not be asked, so the sources are a guess: the connection failed/m);
  });

  test('loads, whatever events name their data sets', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }), (name, why) => {
        const datasets = [{ name, documents: 1 }];
        const found = { sources: [{ ...SOURCE, datasets }], left_out: [{ index: 'x', why }] };
        const { sources } = load(initConfig({ ...CONTENT, found }));
        expect(sources.map(({ index }) => index)).toEqual([['logs-*']]);
      }),
    );
  });
});

function contentOf(name: string): string {
  return readFileSync(`${folder.path}/${name}`, 'utf8');
}

describe('a file', () => {
  test('is written as a whole, over another only by force, and leaves no draft', async () => {
    const path = `${folder.path}/a.yml`;
    await writeWhole(path, 'one', false);
    await expect(writeWhole(path, 'two', false)).rejects.toThrow(
      `${path} is there already. Name another with --out, or overwrite it with --force.`,
    );
    expect(contentOf('a.yml')).toBe('one');
    await writeWhole(path, 'three', true);
    expect(contentOf('a.yml')).toBe('three');
    expect(readdirSync(folder.path)).toEqual(['a.yml']);
  });

  test('of two that write at once, one is refused', async () => {
    const path = `${folder.path}/b.yml`;
    const outcomes = await Promise.allSettled(['x', 'y', 'z'].map((text) => writeWhole(path, text, false)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('that can not be written is told of with the reason', async () => {
    await expect(writeWhole(`${folder.path}/none/c.yml`, 'x', false)).rejects.toThrow(/can't be written: .*ENOENT/);
  });
});

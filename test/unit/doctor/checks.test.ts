import { describe, expect, test } from '@jest/globals';
import { doctorText } from '../../../src/cli/doctor-text.ts';
import { configOrigins } from '../../../src/config/origins.ts';
import { areaOf, type Check } from '../../../src/setup/doctor/check.ts';
import { clockCheck } from '../../../src/setup/doctor/clock.ts';
import { pipelineChecks } from '../../../src/setup/doctor/own.ts';
import { licenceCheck, versionCheck } from '../../../src/setup/doctor/server.ts';

describe('the version', () => {
  test.each([
    ['9.5.3', 'ok', undefined],
    ['9.0.0', 'ok', undefined],
    ['8.19.21', 'ok', undefined],
    ['8.18.0', 'failed', 'Update Elasticsearch to 9.x.'],
    ['7.17.0', 'failed', 'Update Elasticsearch to 9.x.'],
    ['10.0.0', 'failed', 'Update minecanary.'],
    [undefined, 'ok', undefined],
  ])('%s is %s', (version, state, todo) => {
    expect(versionCheck(version)).toMatchObject({ state, ...(todo === undefined ? {} : { todo }) });
  });
});

test('a licence that has expired is a warning', () => {
  expect(licenceCheck({ type: 'basic', status: 'active' }).state).toBe('ok');
  expect(licenceCheck({ type: 'platinum', status: 'expired' })).toMatchObject({
    state: 'warning',
    what: 'the licence platinum is expired',
  });
});

test('the ingest pipeline is current, or why it is not, unless setup would see to it', () => {
  const note = "it can't run here: no scripts; the worker tags instead";
  const elsewhere = { index: 'pool-domains', note: 'left alone' };
  expect(pipelineChecks([], [elsewhere])).toMatchObject([
    { state: 'ok', what: 'the ingest pipeline minecanary-enrich is installed and up to date' },
  ]);
  expect(pipelineChecks([], [elsewhere, { index: 'minecanary-enrich', note }])).toMatchObject([
    { state: 'ok', what: `the ingest pipeline minecanary-enrich: ${note}` },
  ]);
  expect(pipelineChecks(['create the ingest pipeline minecanary-enrich: version 1.0.0'], [])).toEqual([]);
});

describe('clocks', () => {
  const NOW = 1_795_000_000_000;
  test.each([
    [NOW, NOW + 20, NOW + 50, 'ok', 'agree'],
    [NOW, NOW + 4000, NOW + 50, 'ok', 'agree'],
    [NOW, NOW + 90_000, NOW + 50, 'warning', 'is 89s behind'],
    [NOW, NOW - 7_200_000, NOW + 50, 'warning', 'is 2h ahead of'],
  ])('%i, %i, %i', (before, server, after, state, what) => {
    expect(clockCheck(before, server, after)).toMatchObject({ state, what: expect.stringContaining(what) });
  });
});

test('an error says what to do in the sentences after the first', () => {
  const { failedBy } = areaOf('setup');
  expect(failedBy(new Error('The role of 10.0.0.1 lacks x.y. Give it. Then look.'))).toMatchObject({
    state: 'failed',
    what: 'The role of 10.0.0.1 lacks x.y',
    todo: 'Give it. Then look.',
  });
  expect(failedBy(new Error('It broke.'))).toMatchObject({ what: 'It broke', todo: expect.stringMatching(/./) });
});

describe('the text', () => {
  const { ok, warning, failed } = areaOf('source logs');
  const checks: readonly Check[] = [
    areaOf('lookups').ok('12 lookups'),
    warning('an index that \u001b[2J has no place', 'Make room, '.repeat(20), ['a'.repeat(150)]),
    failed('nothing answers', 'Start it.'),
    ok('fine'),
  ];

  test('stands by area, with what to do', () => {
    const text = doctorText(checks, Infinity);
    expect(text).toMatch(/^lookups\n {2}ok {7}12 lookups\n\nsource logs\n {2}warning {2}an index/);
    expect(text).toContain('\n  FAILED   nothing answers\n           -> Start it.\n  ok       fine\n\n');
    expect(text).toMatch(/\n2 ok, 1 warnings, 1 failed$/);
  });

  test.each([60, 100])('fits %i characters, and steers no terminal', (width) => {
    const text = doctorText(checks, width);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
    expect(text).not.toContain('\u001b');
  });
});

describe('where the configuration comes from', () => {
  const text =
    'elasticsearch:\n  node: http://a:9200\n  passwordFile: p\nsources:\n  - { name: a, index: b }\nlag: 2m\n';
  const read = () => ({ text, mode: 0o600 });

  test('is the file, or a variable before it; nothing of a default', () => {
    const env = { ELASTICSEARCH_URL: 'http://b:9200', ELASTICSEARCH_API_KEY: '' };
    expect([...configOrigins({ file: 'c.yml', env, read })]).toEqual([
      ['elasticsearch.node', 'environment variable ELASTICSEARCH_URL'],
      ['elasticsearch.password', 'c.yml'],
      ['sources', 'c.yml'],
      ['lag', 'c.yml'],
    ]);
  });

  test('is nothing without file and variables', () => {
    expect(configOrigins({ env: {} }).size).toBe(0);
  });
});

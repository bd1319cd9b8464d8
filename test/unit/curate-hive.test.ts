import { describe, expect, test } from '@jest/globals';
import { formatHivePorts, type HivePorts, hivePorts, type Repository } from '../../scripts/curate/hive.ts';

const template = (...sockets: readonly string[]): string =>
  JSON.stringify([{ pool: {} }, { coin: 'XMR', servers: [{ geo: null, urls: sockets }] }]);

function repository(
  newest: Readonly<Record<string, string>>,
  history: Readonly<Record<string, readonly (readonly [commit: string, text: string])[]>> = {},
): Repository {
  return {
    commit: 'c3',
    date: '2026-08-17',
    newest: new Map(Object.entries(newest)),
    versions: (name) => (history[name] ?? []).map(([commit, text]) => ({ commit, text })),
  };
}

const all = (): boolean => true;

describe('a port is shared', () => {
  const four = {
    a: template('eu.a-pool.com:4567', 'us.a-pool.com:4567'),
    b: template('stratum+tcp://b-pool.com:4567'),
    c: template('c-pool.com:4567', 'c-pool.com:4568'),
    d: template('d-pool.com:4567'),
  };

  test('where four pools have it', () => {
    expect(hivePorts(repository(four), all).shared).toEqual({ 4567: 'a b c d' });
  });

  test('not where it tells nothing', () => {
    expect(hivePorts(repository(four), (port) => port !== 4567).shared).toEqual({});
  });

  test.each([
    ['three pools', { ...four, d: template('d-pool.com:4569') }],
    ['one of the four under the domain of another', { ...four, d: template('solo.a-pool.com:4567') }],
    ['the solo template of a pool counted beside it', { a: four.a, b: four.b, c: four.c, 'c-solo': four.d }],
  ])('not by %s', (_, templates) => {
    expect(hivePorts(repository(templates), all).shared).toEqual({});
  });
});

test('ports of a pool stand under the newest version that names them, whether or not it is valid JSON', () => {
  const history = {
    nicehash: [
      ['c2', template('x11.eu.nicehash.com:3336', 'kawpow.eu.nicehash.com:3385')],
      ['c1', `{ "urls": ["x11.eu.nicehash.com:3336", "old.eu.nicehash.com:3350",] }`],
    ],
  } as const;
  const { own } = hivePorts(repository({}, history), all);
  expect(own.nicehash).toEqual({ c2: '3336 3385', c1: '3350' });
  expect(own.nanopool).toEqual({});
});

test('the data file is what it is made from', () => {
  const facts = hivePorts(repository({}, { nanopool: [['c1', template('zec.nanopool.org:6633')]] }), all);
  expect(JSON.parse(formatHivePorts(facts)) as HivePorts).toEqual(facts);
});

import { describe, expect, test } from '@jest/globals';
import { formatHiveFacts, type HiveFacts, hiveFacts, type Repository } from '../../scripts/curate/hive.ts';

const template = (...sockets: readonly string[]): string =>
  JSON.stringify([{ pool: {} }, { coin: 'XMR', servers: [{ geo: null, urls: sockets }] }]);

type Versions = Readonly<Record<string, readonly (readonly [commit: string, text: string])[]>>;

/** Templates of the newest commit, and those of before. */
function repository(newest: Readonly<Record<string, string>>, past: Versions = {}): Repository {
  const versions = Object.entries({
    ...Object.fromEntries(Object.entries(newest).map(([name, text]) => [name, [['c3', text]] as const])),
    ...past,
  });
  return {
    commit: 'c3',
    date: '2026-08-17',
    newest: new Map(Object.entries(newest)),
    versions: new Map(versions.map(([name, all]) => [name, all.map(([commit, text]) => ({ commit, text }))])),
  };
}

const all = { tells: () => true, isSite: (domain: string) => domain === 'nicepool.com' };

describe('a port is shared', () => {
  const four = {
    a: template('eu.a-pool.com:4567', 'us.a-pool.com:4567'),
    b: template('stratum+tcp://b-pool.com:4567'),
    c: template('c-pool.com:4567', 'c-pool.com:4568'),
    d: template('d-pool.com:4567'),
  };

  test('where four pools have it', () => {
    expect(hiveFacts(repository(four), all).shared).toEqual({ 4567: 'a b c d' });
  });

  test('not where it tells nothing', () => {
    expect(hiveFacts(repository(four), { ...all, tells: (port) => port !== 4567 }).shared).toEqual({});
  });

  test.each([
    ['three pools', { ...four, d: template('d-pool.com:4569') }],
    ['one of the four under the domain of another', { ...four, d: template('solo.a-pool.com:4567') }],
    ['the solo template of a pool counted beside it', { a: four.a, b: four.b, c: four.c, 'c-solo': four.d }],
  ])('not by %s', (_, templates) => {
    expect(hiveFacts(repository(templates), all).shared).toEqual({});
  });
});

test('ports of a pool stand under the newest version that names them, whether or not it is valid JSON', () => {
  const history = {
    nicehash: [
      ['c2', template('x11.eu.nicehash.com:3336', 'kawpow.eu.nicehash.com:3385')],
      ['c1', `{ "urls": ["x11.eu.nicehash.com:3336", "old.eu.nicehash.com:3350",] }`],
    ],
  } as const;
  const { own } = hiveFacts(repository({}, history), all);
  expect(own.nicehash).toEqual({ c2: '3336 3385', c1: '3350' });
  expect(own.nanopool).toEqual({});
});

const names = (...sockets: readonly string[]) => hiveFacts(repository({ a: template(...sockets) }), all).names;

describe('names', () => {
  test.each([
    [
      'a domain that is named as a pool stands for its hosts',
      ['eu.a-pool.com:4567', 'us.a-pool.com:4567'],
      'a-pool.com',
    ],
    [
      'of another, what is below it does',
      ['XMR.example.org:4567', 'x.etc.example.org:4567'],
      'etc.example.org xmr.example.org',
    ],
    ['of a site too, and never the site', ['x11.eu.nicepool.com:4567', 'nicepool.com:4567'], 'eu.nicepool.com'],
    ['without a name below, the domain itself does', ['example.org:4567'], 'example.org'],
  ])('%s', (_, sockets, expected) => {
    expect(names(...sockets)).toEqual({ a: expected });
  });

  test('are neither addresses nor under no top-level domain', () => {
    expect(names('192.0.2.1:3333', 'pool.nowhere:4567', 'http://:1')).toEqual({});
  });

  test('stand once: under the first template, and under a past version only where none has them today', () => {
    const today = { a: template('x.example.org:4567'), b: template('x.example.org:4567', 'y.example.org:4567') };
    const past = {
      b: [
        ['c3', today.b],
        ['c2', template('z.example.org:4567')],
        ['c1', template('z.example.org:4567', 'y.example.org:4567')],
      ],
      gone: [['c1', template('old-pool.com:4567')]],
    } as const;
    const facts = hiveFacts(repository(today, past), all);
    expect(facts.names).toEqual({ a: 'x.example.org', b: 'y.example.org' });
    expect(facts.past).toEqual({ b: { c2: 'z.example.org' }, gone: { c1: 'old-pool.com' } });
  });
});

test('the data file is what it is made from', () => {
  const facts = hiveFacts(repository({}, { nanopool: [['c1', template('zec.nanopool.org:4567')]] }), all);
  expect(JSON.parse(formatHiveFacts(facts)) as HiveFacts).toEqual(facts);
});

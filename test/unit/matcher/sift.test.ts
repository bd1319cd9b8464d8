import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createLearning } from '../../../src/lookups/learned.ts';
import { CATALOGUE } from '../../../src/matcher/catalogue.ts';
import { createObserver } from '../../../src/matcher/observe.ts';
import { createSifter } from '../../../src/matcher/sift.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { HASHES, tablesOf } from '../../support/tables.ts';

const tables = tablesOf();
const policy = { ...DEFAULT_POLICY, fields: { 'process.args': ['cmd.parts'], 'destination.domain': ['fw.host'] } };
const sifter = createSifter(tables, policy);
const observe = createObserver(policy);
const fields = [...CATALOGUE.map(({ field }) => field), 'cmd.parts', 'fw.host'];

const SUBSCRIBE = '{"id":1,"method":"mining.subscribe","params":[]}';
const value = fc.constantFrom<string | number>(
  3333,
  '14444',
  14_444,
  443,
  'pool.minexmr.com',
  'a.cdn.example',
  'ads.example:8080',
  'good.example',
  '/lib/miner.js',
  '/m/x',
  '/x/y',
  'http://cdn.example/lib/miner.js',
  'cdn.example:443',
  '203.0.113.9',
  '37.59.43.131',
  '51.15.58.224',
  '[2001:41d0::5]:443',
  'type:  5 minexmr.com;::ffff:94.130.12.1;',
  'CN=*.minexmr.com',
  '/usr/bin/xmrig',
  'C:\\XMRig.exe',
  `MD5=${HASHES[0]}`,
  HASHES[2],
  'x',
  '-o',
  'pool.example',
  'gcc -O2',
  '--donate-level',
  'x stratum+tcp://y',
  'XMRig/6',
  'Cryptomining',
  SUBSCRIBE,
  Buffer.from(SUBSCRIBE).toString('hex'),
  '',
);
const event = fc
  .array(fc.tuple(fc.constantFrom(...fields), fc.oneof(value, fc.array(value, { maxLength: 4 }))), { maxLength: 6 })
  .map((entries): EventDocument => Object.fromEntries(entries));

test('what matches passes the sift, of every kind', () => {
  const kinds = new Map<string, number>();
  const check = (one: EventDocument): void => {
    const found = observe(one).observables.filter(({ kind, value: text }) => tables.byKind[kind].find(text).length > 0);
    for (const { kind } of found) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    expect([one, found.length > 0 && !sifter.mayMatch(one)]).toEqual([one, false]);
  };
  fc.assert(fc.property(event, check), { numRuns: 10_000 });
  // Random events seldom bring the halves of these together.
  const halves = fc.tuple(
    fc.constantFrom('destination.ip', 'url.domain', 'fw.host', 'server.address', 'destination.port', 'dest_port'),
    value,
    fc.constantFrom('url.path', 'url.original', 'destination.port', 'dest_ip', 'process.args'),
    fc.oneof(value, fc.array(value, { maxLength: 4 })),
  );
  fc.assert(
    fc.property(halves, ([a, one, b, other]) => {
      check({ [a]: one, [b]: other });
    }),
    { numRuns: 10_000 },
  );
  for (const kind of Object.keys(tables.byKind)) expect([kind, kinds.get(kind) ?? 0]).not.toEqual([kind, 0]);
});

test.each<[string, EventDocument]>([
  ['arguments that only together say it', { process: { args: ['x', '-o', 'pool.example'] } }],
  ['a path beside the address a listed URL names', { destination: { ip: '203.0.113.9' }, url: { path: '/x/y' } }],
  ['a path beside a name', { url: { domain: 'cdn.example', path: '/lib/miner.js' } }],
  ['an answer among others', { winlog: { event_data: { QueryResults: 'type:  5 a.example;51.15.58.224;' } } }],
])('%s', (_what, one) => {
  expect(sifter.mayMatch(one)).toBe(true);
});

test('what speaks with a learned address passes the sift', () => {
  const lesson = {
    name: 'eu.minexmr.com',
    askers: ['10.1.2.3'],
    addresses: ['203.0.113.77'],
    from: 0,
    until: 1,
    indicator: { value: 'x', confidence: 'high', provider: 'x', licence: 'x', reference: 'x', lookup: 'x' },
  } as const;
  const learning = createLearning();
  learning.add({ ...lesson, scope: 'default', event: 'dns/1' });
  const learned = learning.table();
  const far = fc.constantFrom('203.0.113.77', '::ffff:203.0.113.77', '203.0.113.77:443', 'https://203.0.113.77/', 'x');
  let seen = 0;
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.oneof(far, fc.array(far, { maxLength: 3 })), (field, text) => {
      const one = { [field]: text };
      const has = observe(one).observables.some(
        ({ kind, side, value: of }) => kind === 'address' && side !== 'none' && of === '203.0.113.77',
      );
      seen += has ? 1 : 0;
      expect([one, has && !sifter.mayMatch(one, learned)]).toEqual([one, false]);
    }),
    { numRuns: 5000 },
  );
  expect(seen).toBeGreaterThan(500);
  expect(sifter.mayMatch({ destination: { ip: '203.0.113.77' } })).toBe(false);
});

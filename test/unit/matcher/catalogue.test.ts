import { describe, expect, test } from '@jest/globals';
import { CATALOGUE, type FieldKind } from '../../../src/matcher/catalogue.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import type { Kind } from '../../../src/model/indicator.ts';
import { HASHES, matcherOf } from '../../support/tables.ts';

const matcher = matcherOf();

const socketsOf = (address: string, port: string) =>
  matcher.match({ [address]: '37.59.43.131', [port]: 14_444 })?.matches.map(({ observable }) => observable.field);

/** A value each kind of field must find, and as what. */
const PROBES: Readonly<Record<FieldKind, readonly (readonly [string | number, Kind])[]>> = {
  port: [
    [3333, 'port'],
    ['3333', 'port'],
  ],
  address: [
    ['51.15.58.224', 'address'],
    ['2A01:4F8:0::1', 'address'],
    ['::ffff:94.130.12.200', 'address'],
  ],
  name: [['Pool.MineXMR.com.', 'domain']],
  host: [
    ['Pool.MineXMR.com.', 'domain'],
    ['pool.minexmr.com:443', 'domain'],
    ['51.15.58.224', 'address'],
    ['37.59.43.131:14444', 'socket'],
    ['[2001:41d0::5]:443', 'socket'],
  ],
  registered: [['minexmr.com', 'domain']],
  url: [
    ['https://u:p@pool.minexmr.com:8443/x', 'domain'],
    ['pool.minexmr.com:443', 'domain'],
    ['http://37.59.43.131:14444', 'socket'],
    ['http://[2a01:4f8::1]/', 'address'],
    ['https://a.cdn.example/lib/miner.js?x', 'url'],
  ],
  certificate: [
    ['*.minexmr.com', 'domain'],
    ['CN=pool.minexmr.com, O=Pool', 'domain'],
  ],
  answer: [
    ['pool.minexmr.com', 'domain'],
    ['51.15.58.224', 'address'],
  ],
  answers: [
    ['type:  5 pool.minexmr.com;', 'domain'],
    ['::ffff:51.15.58.224;', 'address'],
  ],
  process: [
    ['/opt/xmrig', 'process'],
    ['C:\\Temp\\XMRig.exe', 'process'],
  ],
  hash: [
    [HASHES[0].toUpperCase(), 'process'],
    [`SHA1=${HASHES[1]},SHA256=00`, 'process'],
  ],
  'command-line': [['x --DONATE-LEVEL 1', 'command-line']],
  args: [
    ['--donate-level=1', 'command-line'],
    ['/usr/bin/xmrig', 'process'],
  ],
  'user-agent': [['XMRig/6.21.0', 'user-agent']],
  signature: [['ET COINMINER Cryptocurrency Miner Checkin', 'signature']],
  payload: [['{"id":1,"method":"mining.subscribe","params":[]}', 'payload']],
  'encoded-payload': [['eyJpZCI6MSwibWV0aG9kIjoibWluaW5nLnN1YnNjcmliZSIsInBhcmFtcyI6W119', 'payload']],
};

describe('every field of the catalogue is read', () => {
  const cases = CATALOGUE.flatMap((entry) =>
    PROBES[entry.kind].map((probe) => [entry.field, ...probe, entry] as const),
  );

  test.each(cases)('%s: %s is a %s', (field, value, kind, { side }) => {
    const seen = matcher.match({ [field]: value })?.matches.map(({ observable }) => observable);
    expect(seen?.map((one) => one.kind)).toEqual([kind]);
    expect(seen?.[0]).toMatchObject({ field, side });
  });

  test('and under the names a source has of its own', () => {
    const fields = { 'destination.port': ['fw.dport'], 'event.action': ['fw.verdict'] };
    const own = matcherOf(undefined, { fields });
    const evidence = own.match({ fw: { dport: 3333, verdict: 'drop' } });
    expect(evidence?.matches[0]?.observable).toMatchObject({ field: 'destination.port', side: 'server' });
    expect(evidence?.denied).toBe(true);
    expect(own.match({ destination: { port: 3333 } })?.matches).toHaveLength(1);
  });

  test('each once, each with another name', () => {
    const names = CATALOGUE.map(({ field }) => field);
    expect(new Set(names).size).toBe(names.length);
  });

  test('an address and a port of one endpoint make a socket, of two endpoints none', () => {
    const ends = Map.groupBy(
      CATALOGUE.filter(({ endpoint }) => endpoint !== undefined),
      ({ endpoint }) => endpoint,
    );
    const ports = CATALOGUE.filter(({ kind }) => kind === 'port');
    let sockets = 0;
    for (const [name, entries] of ends) {
      for (const { field } of entries.filter(({ kind }) => kind !== 'port')) {
        for (const port of ports) {
          const together = port.endpoint === name;
          sockets += together ? 1 : 0;
          expect([field, port.field, socketsOf(field, port.field)]).toEqual([
            field,
            port.field,
            together ? [field] : undefined,
          ]);
        }
      }
    }
    expect(sockets).toBeGreaterThanOrEqual(ends.size);
  });
});

describe('what holds an observable but speaks of no endpoint is not read', () => {
  test.each<[string, EventDocument]>([
    ['exporter', { netflow: { exporter: { address: '51.15.58.224:3333' } } }],
    ['observer', { observer: { ip: '51.15.58.224', egress: { interface: { name: '3333' } } } }],
    ['agent and host', { agent: { name: 'minexmr.com' }, host: { ip: ['51.15.58.224'], name: 'pool.minexmr.com' } }],
    ['related', { related: { ip: ['51.15.58.224'], hosts: ['minexmr.com'] } }],
    [
      'our own tag',
      { threat: { enrichments: [{ indicator: { ip: '51.15.58.224' } }] }, minecanary: { indicator: ['3333'] } },
    ],
    ['text', { message: 'minexmr.com 51.15.58.224:3333' }],
  ])('%s', (_what, event) => {
    expect(matcher.match(event)).toBeUndefined();
  });
});

describe('a registered domain', () => {
  const cases = CATALOGUE.filter(({ kind }) => kind === 'registered');
  const nameFor: Readonly<Record<string, string>> = {
    client: 'source.domain',
    server: 'tls.client.server_name',
    none: 'zeek.dns.query',
  };

  test.each(cases.map(({ field, side }) => [field, nameFor[side] ?? ''] as const))(
    '%s is silent beside %s',
    (field, name) => {
      const event = { [field]: 'minexmr.com', [name]: 'pool.minexmr.com' };
      expect(matcher.match(event)?.matches.map(({ observable }) => observable.field)).toEqual([name]);
    },
  );

  test('speaks beside a name that is not under it', () => {
    const event = { dns: { question: { name: 'notminexmr.com', registered_domain: 'minexmr.com' } } };
    expect(matcher.match(event)?.matches[0]?.observable.field).toBe('dns.question.registered_domain');
  });
});

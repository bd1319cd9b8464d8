import { describe, expect, test } from '@jest/globals';
import { tagOf } from '../../../src/matcher/enrich.ts';
import { eventReason, ranked } from '../../../src/matcher/sentence.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { CLIENT, connection, day, dns, learnedFrom, POOL, POOLS, taughtMatcher } from '../../support/learning.ts';
import { matcherOf } from '../../support/tables.ts';

function evidence(events: readonly EventDocument[], event: EventDocument = connection(), policy = {}) {
  return taughtMatcher(events, { rows: POOLS, policy }).match(event);
}

describe('a connection to the address in the answer to a listed name', () => {
  test('is a match of its own lookup, of the name it came from, and says so', () => {
    const found = evidence([dns()]);
    expect(found).toMatchObject({ score: 47, severity: 'medium', strong: true, entity: { name: CLIENT } });
    expect(found?.matches).toEqual([
      {
        observable: { kind: 'address', value: POOL, field: 'destination.ip', side: 'server', answer: false },
        indicator: {
          kind: 'address',
          type: 'ipv4-addr',
          value: POOL,
          confidence: 'high',
          provider: 'us',
          licence: 'Apache-2.0',
          reference: 'https://example.org/',
          category: 'pool',
          note: 'answer to eu.minexmr.com (test-domain, high) at 2026-11-24T12:00:00.000Z in dns/1',
          lookup: 'learned-addresses',
        },
        family: 'network',
        points: 47,
        weak: false,
        answerTo: 'eu.minexmr.com',
      },
    ]);
  });

  test('is told in the tag and in the reasons', () => {
    const found = evidence([dns()]);
    if (found === undefined) throw new Error('nothing matched');
    const reason = eventReason(found);
    expect(reason).toBe(
      `${CLIENT} reached ${POOL}, the answer to eu.minexmr.com (learned-addresses, high) in destination.ip`,
    );
    expect(found.matches.map((match) => ranked(match, found))).toEqual([
      `047 spoke with ${POOL}, the answer to eu.minexmr.com (us, high)`,
    ]);
    const tag = tagOf(found, { lookups: 'x', stage: 'scan', incidentId: 'x', tagged: 'x', version: 'x', reason });
    expect(tag.minecanary).toMatchObject({ lookup: ['learned-addresses'], indicator: [POOL] });
    expect(tag.threat.enrichments[0]).toMatchObject({
      indicator: { ip: POOL, confidence: 'High', description: expect.stringContaining('in dns/1') as unknown },
      matched: { index: 'learned-addresses', atomic: POOL, field: 'destination.ip' },
    });
  });

  test('leaves content digest and lookup digest as they are', () => {
    const port = connection({ destination: { ip: POOL, port: 3333 } });
    const taught = taughtMatcher([dns()], { rows: POOLS });
    const untaught = matcherOf(POOLS);
    expect(taught.match(port)?.matches).toHaveLength(2);
    expect(taught.match(port)?.digest).toBe(untaught.match(port)?.digest);
    expect(taught.tables.digest).toBe(untaught.tables.digest);
    expect(untaught.match(connection())).toBeUndefined();
  });

  test.each<[string, EventDocument]>([
    [
      'is found by a flow’s reply',
      { source: { ip: POOL, port: 443, bytes: 9 }, destination: { ip: CLIENT, port: 50_001 } },
    ],
    ['after NAT of the server', { destination: { nat: { ip: POOL }, ip: '192.0.2.1', port: 443 } }],
    ['in other fields', { destination: undefined, server: { address: POOL } }],
    ['as the host of a URL', { destination: { ip: '10.0.0.80' }, url: { domain: POOL } }],
    ['with the time of the event as numbers', { '@timestamp': Date.parse(day('12:59:59')) }],
  ])('%s', (_what, changes) => {
    expect(evidence([dns()], connection(changes))?.matches.map(({ indicator }) => indicator.lookup)).toEqual([
      'learned-addresses',
    ]);
  });

  test.each<[string, EventDocument]>([
    ['of another client', { source: { ip: '10.1.2.4' } }],
    ['of nobody', { source: undefined }],
    ['after the hour', { '@timestamp': day('13:00:01') }],
    ['long before the answer', { '@timestamp': day('11:58:00') }],
    ['without a time', { '@timestamp': undefined }],
    ['in another scope', { data_stream: { namespace: 'berlin' } }],
    ['to another address', { destination: { ip: '203.0.113.10' } }],
    ['the other way round', { source: { ip: POOL, port: 50_001 }, destination: { ip: CLIENT, port: 443 } }],
    ['that is another answer', { destination: { ip: '10.0.0.53' }, dns: { resolved_ip: [POOL] } }],
  ])('does not match %s', (_what, changes) => {
    expect(evidence([dns()], connection(changes))).toBeUndefined();
  });

  test('counts half where it was denied', () => {
    expect(evidence([dns()], connection({ event: { type: ['denied'] } }))?.score).toBe(24);
  });

  test('is one more family beside a name in the same event', () => {
    const found = evidence([dns()], connection({ tls: { client: { server_name: 'eu.minexmr.com' } } }));
    expect(found).toMatchObject({ score: 86, points: { name: 73, network: 47 } });
  });
});

describe('what is learned', () => {
  test.each<[string, EventDocument]>([
    ['a name of no category', dns({ name: 'own.example' })],
    ['resolved addresses', dns({ dns: { question: { name: 'minexmr.com' }, resolved_ip: ['192.0.2.7', POOL] } })],
    ['an alias that is listed', dns({ name: 'x.example', answers: [{ data: 'eu.minexmr.com' }, { data: POOL }] })],
    ['Zeek', dns({ dns: undefined, zeek: { dns: { query: 'minexmr.com', answers: [POOL], TTLs: [60] } } })],
    ['Suricata', dns({ dns: undefined, suricata: { eve: { dns: { rrname: 'minexmr.com', rdata: POOL } } } })],
    [
      'an answer on its way back',
      dns({ source: { ip: '10.0.0.53', port: 53 }, destination: { ip: CLIENT, port: 5000 } }),
    ],
  ])('%s', (_what, some) => {
    expect(evidence([some])?.matches[0]?.answerTo).toEqual(expect.any(String));
  });

  test.each<[string, EventDocument]>([
    ['a site with a browser miner', dns({ name: 'coinhive.com' })],
    ['a site about coins', dns({ name: 'coins.example' })],
    ['an unlisted name', dns({ name: 'good.example' })],
    ['a denied question', dns({ event: { action: 'blocked' } })],
    ['NXDOMAIN', dns({ dns: { question: { name: 'minexmr.com' }, resolved_ip: [POOL], response_code: 'NXDOMAIN' } })],
    ['no answer', dns({ answers: [] })],
    ['no client', dns({ source: undefined })],
    ['no time', dns({ '@timestamp': undefined })],
    ['a listed name elsewhere', dns({ name: 'good.example', url: { full: 'https://minexmr.com/' } })],
  ])('nothing: %s', (_what, some) => {
    expect(learnedFrom(matcherOf(POOLS), [some]).addresses).toEqual(new Set());
  });

  test('no address of ours, of a sinkhole, or of a public resolver', () => {
    const answers = [
      '10.9.9.9',
      '127.0.0.1',
      '0.0.0.0',
      '::',
      '169.254.1.1',
      'fd00::1',
      '1.1.1.1',
      'a.example',
      POOL,
    ].map((data) => ({ data }));
    expect(learnedFrom(matcherOf(POOLS), [dns({ answers })]).addresses).toEqual(new Set([POOL]));
  });

  test('low confidence stays low, and that of a shared address becomes it', () => {
    expect(evidence([dns({ name: 'doubtful.org' })])).toMatchObject({ score: 24, strong: false });
    const shared = evidence(
      [dns({ answers: [{ data: '104.16.1.1' }] })],
      connection({ destination: { ip: '104.16.1.1' } }),
    );
    expect(shared).toMatchObject({ score: 24, strong: false });
    expect(shared?.matches[0]?.indicator.note).toMatch(/dns\/1; many sites share the address/);
  });

  test('no more than 32 addresses of an answer', () => {
    const answers = Array.from({ length: 100 }, (_, i) => ({ data: `203.0.113.${i}` }));
    expect(learnedFrom(matcherOf(POOLS), [dns({ answers })]).addresses.size).toBe(32);
  });
});

describe('it counts', () => {
  test.each<[string, unknown, string, string]>([
    ['an hour at least', [{ data: POOL, ttl: 5 }], day('13:00:00'), day('13:00:01')],
    ['an hour where the TTL is unknown', [{ data: POOL }], day('13:00:00'), day('13:00:01')],
    ['as long as the TTL', [{ data: POOL, ttl: 7200 }], day('14:00:00'), day('14:00:01')],
    ['as long as a TTL in text', [{ data: POOL, ttl: '7200' }], day('14:00:00'), day('14:00:01')],
    [
      'as long as the shortest of them',
      [
        { data: 'a.example', ttl: 90_000 },
        { data: POOL, ttl: 7200 },
      ],
      day('14:00:00'),
      day('14:00:01'),
    ],
    ['a day at most', [{ data: POOL, ttl: 999_999 }], '2026-11-25T12:00:00Z', '2026-11-25T12:00:01Z'],
    ['an hour where the TTL is none', [{ data: POOL, ttl: -1 }], day('13:00:00'), day('13:00:01')],
  ])('%s', (_what, answers, in_, out) => {
    const at = (time: string) => evidence([dns({ answers })], connection({ '@timestamp': time }));
    expect(at(in_)).toBeDefined();
    expect(at(out)).toBeUndefined();
  });
});

function asked(changes: object = {}): EventDocument {
  return {
    '@timestamp': day('12:00:00'),
    winlog: {
      computer_name: 'WS1.corp.example',
      event_data: { QueryName: 'minexmr.com', QueryResults: `::ffff:${POOL};` },
    },
    host: { name: 'ws1', ip: ['fe80::1', '10.1.2.3', '127.0.0.1'] },
    ...changes,
  };
}

function told(changes: object = {}): EventDocument {
  return {
    '@timestamp': day('12:10:00'),
    winlog: { computer_name: 'ws1.corp.example', event_data: { SourceIp: '10.1.2.99', DestinationIp: POOL } },
    ...changes,
  };
}

describe('where a host tells of itself', () => {
  test('its own connections count, whatever its address', () => {
    expect(evidence([asked()], told())).toMatchObject({ score: 47, entity: { name: 'ws1.corp.example' } });
  });

  test('and those that others see of its addresses', () => {
    expect(evidence([asked()])).toMatchObject({ score: 47, entity: { name: CLIENT } });
  });

  test('not those of another host, nor of an address that it shares with all', () => {
    const other = { computer_name: 'ws2.corp.example', event_data: { DestinationIp: POOL } };
    expect(evidence([asked()], told({ winlog: other }))).toBeUndefined();
    expect(evidence([asked()], connection({ source: { ip: '127.0.0.1' } }))).toBeUndefined();
  });

  test('not those of the collector that handed its events on', () => {
    expect(evidence([asked({ host: { name: 'collector', ip: [CLIENT] } })])).toBeUndefined();
  });

  test('not those of a host of many addresses', () => {
    const ip = [CLIENT, ...Array.from({ length: 8 }, (_, i) => `10.5.0.${i}`)];
    expect(evidence([asked({ host: { name: 'ws1', ip } })])).toBeUndefined();
  });
});

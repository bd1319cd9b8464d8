import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadLookups } from '../../../src/feeds/load.ts';
import { compile } from '../../../src/lookups/compile.ts';
import { SUBTECHNIQUE, TACTIC, TECHNIQUE } from '../../../src/model/attack.ts';
import { LEARNED_ADDRESSES } from '../../../src/model/learned.ts';
import { type SampleEvent, sampleEvents } from '../../support/sample/index.ts';
import { around, at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const DAY = 40;
const TIME = daysAgo(DAY);

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

type Case = readonly [name: string, event: object, found: readonly string[]];

/** What is found: kind, indicator and field of each match. */
const MINING: readonly Case[] = [
  ['port of the server', { destination: { port: 3333 } }, ['port 3333 destination.port']],
  ['port of the client', { source: { port: '4444' } }, ['port 4444 source.port']],
  ['port after NAT', { destination: { nat: { port: 5555 } } }, ['port 5555 destination.nat.port']],
  ['port of a URL', { url: { port: 6666 } }, ['port 6666 url.port']],
  ['dotted port', { 'server.port': 7777 }, ['port 7777 server.port']],
  ['ports as array', { client: { port: [80, 8888] } }, ['port 8888 client.port']],
  ['DNS question', { dns: { question: { name: 'pool.minexmr.com' } } }, ['domain minexmr.com dns.question.name']],
  [
    'DNS answer',
    { dns: { answers: [{ name: 'a.example' }, { name: 'MINEXMR.com.' }] } },
    ['domain minexmr.com dns.answers.name'],
  ],
  ['TLS name', { tls: { client: { server_name: 'eu.minexmr.com' } } }, ['domain minexmr.com tls.client.server_name']],
  ['URL', { url: { full: 'https://coinhive.com/lib/miner.js' } }, ['domain coinhive.com url.full']],
  ['name of the client', { source: { domain: 'minexmr.com' } }, ['domain minexmr.com source.domain']],
  ['CONNECT of a proxy', { url: { original: 'pool.minexmr.com:443' } }, ['domain minexmr.com url.original']],
  ['address of the server', { destination: { ip: '51.15.58.224' } }, ['address 51.15.58.224 destination.ip']],
  ['address of the client', { source: { ip: '51.15.58.224' } }, ['address 51.15.58.224 source.ip']],
  ['address in a network', { destination: { ip: '94.130.12.200' } }, ['address 94.130.12.0/24 destination.ip']],
  ['IPv6 in a network', { server: { ip: '2a01:4f8:0:1::7' } }, ['address 2a01:4f8::/32 server.ip']],
  ['address after NAT', { destination: { nat: { ip: '51.15.58.224' } } }, ['address 51.15.58.224 destination.nat.ip']],
  ['address in an answer', { dns: { resolved_ip: ['51.15.58.224'] } }, ['address 51.15.58.224 dns.resolved_ip']],
  ['address as text', { destination: { address: '51.15.58.224' } }, ['address 51.15.58.224 destination.address']],
  ['socket', { destination: { ip: '37.59.43.131', port: 14_444 } }, ['socket 37.59.43.131:14444 destination.ip']],
  ['IPv6 socket', { server: { ip: '2001:41d0::5', port: 443 } }, ['socket [2001:41d0::5]:443 server.ip']],
  ['fields outside ECS', { dest_ip: '37.59.43.131', dest_port: '14444' }, ['socket 37.59.43.131:14444 dest_ip']],
];

const BENIGN: readonly Case[] = [
  ['another port', { destination: { port: 33_330 } }, []],
  ['a port that is none', { destination: { bytes: 3333 } }, []],
  ['the tail of a label', { dns: { question: { name: 'notminexmr.com' } } }, []],
  ['a label in front', { dns: { question: { name: 'minexmr.com.example.org' } } }, []],
  ['the path of a URL', { url: { full: 'https://example.org/minexmr.com' } }, []],
  ['the next network', { destination: { ip: '94.130.13.1' } }, []],
  ['the address of a socket on another port', { destination: { ip: '37.59.43.131', port: 443 } }, []],
  ['the collector', { observer: { ip: '51.15.58.224' }, netflow: { exporter: { address: '192.0.2.1:4444' } } }, []],
];

const ID = (i: number, kind: string): string => `${kind}-${i}`;

function eventsOf(kind: string, cases: readonly Case[]) {
  return Object.fromEntries(cases.map(([, event], i) => [ID(i, kind), { '@timestamp': TIME, ...event }]));
}

describe('every kind on every side', () => {
  beforeAll(async () => {
    const ip = { type: 'ip' } as const;
    const mapped = await corner.index('-mapped', {
      mappings: {
        properties: {
          '@timestamp': { type: 'date' },
          source: { properties: { ip } },
          destination: { properties: { ip, address: { type: 'keyword' } } },
        },
      },
    });
    await corner.put(mapped, { ...eventsOf('mining', MINING), ...eventsOf('benign', BENIGN) });
    // More than a small window, so that Elasticsearch narrows it down.
    const bulk = Array.from(
      { length: 1200 },
      (_, i) => [`bulk-${i}`, { '@timestamp': TIME, message: `${i}` }] as const,
    );
    await corner.put(mapped, Object.fromEntries(bulk));
    const outcome = await corner.run({ range: around(DAY) });
    expect(outcome).toMatchObject({ errors: [], seen: 1200 + MINING.length + BENIGN.length, tagged: MINING.length });
    expect(outcome.candidates).toBeLessThan(100);
  });

  test.each(MINING.map(([name, , found], i) => [name, i, found] as const))('%s', async (_, i, found) => {
    const { source, version } = await corner.event(ID(i, 'mining'));
    expect(version).toBe(2);
    const told = (at(source, 'threat.enrichments') as object[]).map((one) => {
      const kinds = at(source, 'minecanary.kind') as string[];
      return `${kinds.join()} ${String(at(one, 'matched.id'))} ${String(at(one, 'matched.field'))}`;
    });
    expect(told).toEqual(found);
    expect(source).toMatchObject({
      tags: ['T1496', 'cryptomining'],
      threat: {
        framework: 'MITRE ATT&CK',
        tactic: { id: ['TA0040'], name: [TACTIC.name], reference: [TACTIC.reference] },
        technique: {
          id: ['T1496'],
          name: [TECHNIQUE.name],
          subtechnique: { id: ['T1496.001'], name: [SUBTECHNIQUE.name] },
        },
        enrichments: [{ matched: { type: 'indicator_match_rule', occurred: expect.any(String) } }],
      },
      minecanary: {
        version: expect.any(String),
        lookups: expect.stringMatching(/^[0-9a-f]{32}$/),
        stage: 'worker',
        score: expect.any(Number),
        severity: expect.any(String),
        incident: { id: expect.any(String) },
        tagged: expect.any(String),
        kind: [expect.any(String)],
        indicator: [expect.any(String)],
        field: [expect.any(String)],
        lookup: [expect.any(String)],
        reason: expect.any(String),
      },
    });
    expect(at(source, 'event.kind')).toBeUndefined();
    expect(source).not.toHaveProperty('rule');
  });

  test.each(BENIGN.map(([name], i) => [name, i] as const))('not %s', async (_, i) => {
    const { source, version } = await corner.event(ID(i, 'benign'));
    expect(version).toBe(1);
    expect(source).toEqual({ '@timestamp': TIME, ...BENIGN[i]?.[1] });
  });
});

function isListed({ lookup }: { readonly lookup: string }): boolean {
  return lookup !== LEARNED_ADDRESSES;
}

test('of 9,000 events of nine data sources exactly what was hidden in them', async () => {
  const events = [...sampleEvents({ seed: 11, end: new Date(TIME) })];
  const byIndex = Map.groupBy(events, ({ index }) => `${corner.name}-${index}`);
  for (const [index, own] of byIndex) {
    await corner.put(index, Object.fromEntries(own.map(({ id, document }) => [id, document])));
  }
  const tables = compile(await loadLookups(['lookups']), TIME.slice(0, 10));
  const outcome = await corner.run({ range: around(DAY), source: { index: [...byIndex.keys()] }, tables });
  expect(outcome).toMatchObject({ errors: [], failed: 0, refused: 0, seen: 9000 });

  const sought = ({ expected }: SampleEvent): string[] => [
    ...new Set(
      expected.filter(({ kind }) => kind in tables.byKind).map(({ kind, indicator }) => `${kind} ${indicator}`),
    ),
  ];
  const hidden = new Map(events.map((event) => [event.id, sought(event).toSorted()]));
  const found = new Map(
    (await corner.matches())
      .filter(({ source }) => byIndex.has(source.minecanary.event.index))
      .map(({ source: { minecanary } }) => [
        minecanary.event.id,
        // What names led to is no part of the sample's bookkeeping.
        [
          ...new Set(minecanary.matches.filter(isListed).map(({ kind, indicator }) => `${kind} ${indicator}`)),
        ].toSorted(),
      ]),
  );
  expect(found.size).toBeGreaterThan(80);
  const mining = [...hidden].filter(([, some]) => some.length > 0);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(mining));
  expect(outcome.tagged).toBe(found.size);
});

import { describe, expect, test } from '@jest/globals';
import { onlyLookup } from '../../../src/hunt/hunt.ts';
import { createHuntRows, type HuntRow } from '../../../src/hunt/rows.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { indicatorsOf, matcherOf, TODAY, tablesOf } from '../../support/tables.ts';

const matcher = matcherOf();

function rowsOf(events: readonly EventDocument[], most = 100) {
  const rows = createHuntRows(most);
  for (const event of events) {
    const evidence = matcher.match(event);
    if (evidence !== undefined) rows.add(evidence, matcher.observe(event));
  }
  return rows;
}

function onlyRow(event: EventDocument): HuntRow {
  const [row, ...more] = rowsOf([event]).rows();
  if (row === undefined || more.length > 0) throw new Error(`${more.length + 1} rows of ${JSON.stringify(event)}`);
  return row;
}

const at = (time: string, port = 3333, ip = '198.51.100.7'): EventDocument => ({
  '@timestamp': time,
  source: { ip: '10.1.2.3' },
  destination: { ip, port },
});

describe('where to', () => {
  const ours = { ip: '10.1.2.3', port: 50000 };
  test.each<[string, EventDocument, Partial<HuntRow>]>([
    [
      'of a port of the server: its address',
      { source: ours, destination: { ip: '198.51.100.7', port: 3333 } },
      { other: '198.51.100.7', indicator: '3333', field: 'destination.port' },
    ],
    [
      'of a port of the server: its name, if it has one',
      { source: ours, destination: { ip: '198.51.100.7', port: 3333, domain: 'mine.example' } },
      { other: 'mine.example', field: 'destination.port' },
    ],
    [
      'of a port of the client: still the server',
      { source: { ip: '10.1.2.3', port: 4444 }, destination: { ip: '198.51.100.7', port: 80 } },
      { other: '198.51.100.7', field: 'source.port' },
    ],
    [
      'of a reply: the one who sent it',
      { source: { ip: '198.51.100.7', port: 3333, packets: 4 }, destination: ours },
      { other: '198.51.100.7', field: 'source.port' },
    ],
    [
      'of an outside client on a port of ours: the client',
      { source: { ip: '198.51.100.7', port: 50000 }, destination: { ip: '10.1.2.3', port: 8888, bytes: 9 } },
      { other: '198.51.100.7', field: 'destination.port' },
    ],
    [
      'of a port on the outside of NAT: the address before it',
      { source: ours, destination: { ip: '198.51.100.7', port: 80, nat: { ip: '198.51.100.9', port: 5555 } } },
      { other: '198.51.100.7', field: 'destination.nat.port' },
    ],
    [
      'of a question: the name that was asked for',
      { source: ours, dns: { question: { name: 'eu.pool.minexmr.com' } } },
      { other: 'eu.pool.minexmr.com', indicator: 'minexmr.com', field: 'dns.question.name' },
    ],
    [
      'of an answer: the address',
      { source: ours, dns: { question: { name: 'x.example' }, answers: [{ data: '94.130.12.9' }] } },
      { other: '94.130.12.9', indicator: '94.130.12.0/24', field: 'dns.answers.data' },
    ],
    [
      'of a socket: its address',
      { source: ours, destination: { ip: '2001:41d0::5', port: 443 } },
      { other: '2001:41d0::5', indicator: '[2001:41d0::5]:443', field: 'destination.ip' },
    ],
    [
      "of a host's own event: the server",
      {
        winlog: {
          computer_name: 'WS-7',
          event_data: { SourceIp: '10.1.2.3', DestinationIp: '198.51.100.7', DestinationPort: '3333' },
        },
      },
      { other: '198.51.100.7', field: 'winlog.event_data.DestinationPort' },
    ],
  ])('%s', (_, event, expected) => {
    const row = onlyRow(event);
    expect(row).toMatchObject(expected);
    expect(['10.1.2.3', 'ws-7']).toContain(row.entity.name);
  });

  test('is left out where the event names no other side', () => {
    expect(onlyRow({ source: { ip: '10.1.2.3', port: 3333 } })).not.toHaveProperty('other');
  });
});

describe('rows', () => {
  test('add up events of the same who, where to, indicator and field; most events first', () => {
    const denied = { ...at('2026-11-24T12:00:00Z'), event: { type: 'denied' } };
    const rows = rowsOf([at('2026-11-24T11:00:00Z', 4444), at('2026-11-24T10:00:00Z'), denied, { a: 1 }]).rows();
    const common = { scope: 'default', entity: { type: 'address', name: '10.1.2.3' }, other: '198.51.100.7' };
    const found = { ...common, kind: 'port', lookup: 'test-port', field: 'destination.port' };
    expect(rows).toEqual([
      {
        ...found,
        indicator: '3333',
        events: 2,
        denied: 1,
        first: '2026-11-24T10:00:00.000Z',
        last: '2026-11-24T12:00:00.000Z',
      },
      {
        ...found,
        indicator: '4444',
        events: 1,
        denied: 0,
        first: '2026-11-24T11:00:00.000Z',
        last: '2026-11-24T11:00:00.000Z',
      },
    ]);
  });

  test('count an event once, however often it says the same', () => {
    const answers = [{ data: '94.130.12.9' }, { data: '94.130.12.9' }];
    expect(onlyRow({ source: { ip: '10.1.2.3' }, dns: { answers } }).events).toBe(1);
  });

  test('tell equal addresses of two scopes apart', () => {
    const inBerlin = { ...at('2026-11-24T10:00:00Z'), data_stream: { namespace: 'berlin' } };
    const scopes = rowsOf([at('2026-11-24T10:00:00Z'), inBerlin])
      .rows()
      .map(({ scope }) => scope);
    expect(scopes.sort()).toEqual(['berlin', 'default']);
  });

  test('have no dates where no event has one', () => {
    expect(onlyRow({ source: { ip: '10.1.2.3', port: 3333 } })).not.toHaveProperty('first');
  });

  test('are no more than they may be; what is left out is counted, and rows that are there go on counting', () => {
    const events = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.1'].map((ip) =>
      at('2026-11-24T10:00:00Z', 3333, ip),
    );
    const rows = rowsOf(events, 2);
    expect(rows.rows().map(({ other, events: count }) => [other, count])).toEqual([
      ['198.51.100.1', 2],
      ['198.51.100.2', 1],
    ]);
    expect(rows.leftOut()).toBe(1);
  });
});

describe('one lookup', () => {
  test('is compiled alone', () => {
    const one = onlyLookup(tablesOf(), 'test-domain', TODAY);
    expect(new Set(indicatorsOf(one).map(({ lookup }) => lookup))).toEqual(new Set(['test-domain']));
  });

  test('of an unknown name is refused with the names there are', () => {
    expect(() => onlyLookup(tablesOf(), 'sec-port', TODAY)).toThrow(
      /^No lookup is called sec-port. Those in use are test-address, .*test-port/,
    );
  });
});

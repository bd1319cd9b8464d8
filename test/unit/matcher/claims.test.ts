import { describe, expect, test } from '@jest/globals';
import { type Claim, joinClaims } from '../../../src/matcher/claims.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { matcherOf } from '../../support/tables.ts';

const matcher = matcherOf();
const RAN = { process: { name: 'xmrig.exe' }, event: { category: ['process'] }, host: { name: 'ws1' } };

describe('a host claims', () => {
  test.each<[string, EventDocument, readonly string[]]>([
    [
      'its internal addresses, not those that every host has',
      { ...RAN, host: { name: 'ws1', ip: ['10.1.2.3', '127.0.0.1', '::1', 'fe80::1', '169.254.3.4', '203.0.113.5'] } },
      ['10.1.2.3'],
    ],
    ['the client of a connection that it opened', { ...RAN, source: { ip: '10.1.2.3' } }, ['10.1.2.3']],
    ['no client that connected to it', { ...RAN, source: { ip: '10.1.2.3' }, network: { direction: 'ingress' } }, []],
    [
      'no client of what Sysmon says it did not initiate',
      { ...RAN, source: { ip: '10.1.2.3' }, winlog: { event_data: { Initiated: 'false' } } },
      [],
    ],
    [
      'no client of a logon',
      { ...RAN, event: { category: ['authentication', 'process'] }, source: { ip: '10.1.2.3' } },
      [],
    ],
    ['no client from outside', { ...RAN, source: { ip: '203.0.113.5' } }, []],
  ])('%s', (_, event, expected) => {
    expect(matcher.match(event)?.claims).toEqual(expected);
  });

  test('nothing, where the event is told by a sensor', () => {
    const event = {
      dns: { question: { name: 'minexmr.com' } },
      host: { name: 'zeek', ip: '10.9.9.9' },
      source: { ip: '10.1.2.3' },
    };
    expect(matcher.match(event)).toMatchObject({ entity: { name: '10.1.2.3' }, claims: [] });
  });
});

function claim(host: string, more: Partial<Claim> = {}): Claim {
  return { scope: 'default', day: '2026-11-23', address: '10.1.2.3', host, ...more };
}

/** Number of addresses whose evidence counts with a host's. */
function elsewhere(...claims: readonly Claim[]): number {
  return [...joinClaims(claims).values()].filter(({ own, into }) => own !== into).length;
}

describe('the evidence on an address counts', () => {
  test.each([
    ['with the only host that claims it', [claim('a')], 1],
    ['however often it does', [claim('a'), claim('a')], 1],
    ['by itself where two do', [claim('a'), claim('b')], 0],
    ["with each day's host", [claim('a'), claim('b', { day: '2026-11-24' })], 2],
    ['with the host of its own scope', [claim('a'), claim('b', { scope: 'site2' })], 2],
    ['by itself without a day', [claim('a', { day: 'unknown' })], 0],
  ])('%s', (_, claims, expected) => {
    expect(elsewhere(...claims)).toBe(expected);
  });
});

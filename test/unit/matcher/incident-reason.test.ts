import { describe, expect, test } from '@jest/globals';
import { incidentOf } from '../../../src/matcher/incident.ts';
import { createTally, emptyTally, joinTallies, partOf, type Tally } from '../../../src/matcher/tally.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { matcherOf } from '../../support/tables.ts';

const matcher = matcherOf();
const ENTITY = { type: 'address', name: '10.1.2.3', shared: false } as const;

function tallyOf(events: readonly EventDocument[]): Tally {
  const tally = createTally({ scope: 'default', entity: ENTITY, day: '2026-11-23' });
  for (const event of events) {
    const evidence = matcher.match({ source: { ip: '10.1.2.3' }, ...event });
    if (evidence === undefined) throw new Error(`nothing matches in ${JSON.stringify(event)}`);
    tally.add(partOf(evidence));
  }
  return tally.tally();
}
const reasonOf = (...events: readonly EventDocument[]): string => incidentOf(tallyOf(events)).reason;
const at = (time: string): object => ({ '@timestamp': `2026-11-23T${time}:00.000Z` });
const POOL = { dns: { question: { name: 'eu.minexmr.com' } } };
const SPOKE = { destination: { ip: '37.59.43.131', port: 14_444 } };

describe('an incident is told in one sentence', () => {
  test('who did what in which order, for how long, and how it ended', () => {
    const events = [
      { ...at('09:00'), ...POOL },
      ...['09:01', '09:20', '09:42'].map((time) => ({ ...at(time), ...SPOKE })),
    ];
    expect(reasonOf(...events)).toBe(
      '10.1.2.3 asked for eu.minexmr.com (us, high), then spoke 41 min with 37.59.43.131:14444 (us, high), allowed: ' +
        '4 events on 2026-11-23 from 09:00 to 09:42 UTC.',
    );
  });

  test('in the order of time, whatever the order of weight and of arrival', () => {
    const weak = { ...at('07:00'), destination: { ip: '192.0.2.9', port: 3333 } };
    expect(reasonOf({ ...at('08:00'), ...POOL }, weak)).toMatch(
      /^10\.1\.2\.3 used server port 3333 \(.+\), then asked for eu\.minexmr\.com/,
    );
  });

  test.each<[string, EventDocument, RegExp]>([
    ['a name in a URL', { url: { full: 'https://minexmr.com/' } }, / reached minexmr\.com /],
    ['a URL', { url: { full: 'https://cdn.example/lib/miner.js' } }, / fetched cdn\.example\/lib\/miner\.js /],
    ['a program', { host: { name: 'a' }, process: { name: 'xmrig.exe' } }, / ran xmrig\.exe /],
    ['a file that lies there', { file: { hash: { md5: '0123456789abcdef'.repeat(2) } } }, / holds 0123456789abcdef/],
    ['a command line', { process: { command_line: 'x -o stratum+tcp://a:1' } }, / ran x -o stratum\+tcp:\/\/a:1 /],
    ['a user agent', { user_agent: { original: 'XMRig/6.21' } }, / called itself XMRig\/6\.21 /],
    ['a signature', { rule: { name: 'Cryptomining' } }, / raised the signature Cryptomining /],
    ['a payload', { message: '{"id":1,"method":"mining.subscribe","params":[]}' }, / sent mining\.subscribe\(\) /],
    ['an answer', { dns: { question: { name: 'a.test' }, answers: [{ data: '51.15.58.224' }] } }, / was answered 51\./],
    ['a port of the client', { source: { ip: '10.1.2.3', port: 4444 } }, / used client port 4444 /],
    [
      'a client from outside',
      { source: { ip: '51.15.58.224' }, destination: { ip: '10.1.2.3', port: 443 } },
      / was contacted by 51\.15\.58\.224 /,
    ],
  ])('%s', (_, event, expected) => {
    expect(reasonOf(event)).toMatch(expected);
  });

  test('what a socket says already is not said again; the rest is counted', () => {
    const mixed = { ...POOL, ...SPOKE, user_agent: { original: 'XMRig/6' }, rule: { name: 'Cryptomining' } };
    const reason = reasonOf(mixed);
    expect(reason.match(/37\.59\.43\.131/g)).toHaveLength(1);
    expect(reason).toMatch(/, and \d more: 1 event without a date\.$/);
  });

  test.each([
    ['all denied', ['denied', 'denied'], ', all denied: 2 events'],
    ['some denied', ['denied', 'allowed'], ', 1 denied: 2 events'],
    ['allowed', ['allowed', 'allowed'], ', allowed: 2 events'],
  ])('%s', (_, types, expected) => {
    expect(reasonOf(...types.map((type) => ({ ...POOL, event: { type: [type] } })))).toContain(expected);
  });

  test('hostile names stand in it without their control characters', () => {
    const reason = incidentOf({ ...tallyOf([POOL]), entity: { ...ENTITY, name: 'a\u001b[31m\nb' } }).reason;
    expect(reason).toMatch(/^a\[31mb asked for /);
  });

  test('what is excepted or counts elsewhere says so, and scores nothing or what it has', () => {
    const excepted = incidentOf(tallyOf([POOL]), { excepted: 'a test', highest: 'high' });
    expect(excepted).toMatchObject({ score: 0, severity: 'none', highest: 'high', excepted: 'a test' });
    expect(excepted.reason).toBe('10.1.2.3 is excepted: a test.');
    const none = emptyTally({ scope: 'default', entity: ENTITY, day: '2026-11-23' });
    const joined = incidentOf(none, { joined: { id: 'x', name: 'ws1' } });
    expect(joined).toMatchObject({ score: 0, severity: 'none', joined: 'x' });
    expect(joined.reason).toBe('10.1.2.3 is ws1: its evidence counts in that incident.');
    expect(incidentOf(none).reason).toMatch(/have changed and are no longer\.$/);
  });
});

test('two tallies joined are the tally of all their events', () => {
  const events = [
    { ...at('09:00'), ...POOL },
    { ...at('10:00'), ...SPOKE, event: { type: ['denied'] } },
    { ...at('08:00'), destination: { ip: '192.0.2.9', port: 3333 } },
    { ...POOL, event: { dataset: 'dns' } },
  ];
  const whole = tallyOf(events);
  for (let cut = 0; cut <= events.length; cut += 1) {
    expect(joinTallies(tallyOf(events.slice(0, cut)), tallyOf(events.slice(cut)))).toEqual(whole);
  }
});

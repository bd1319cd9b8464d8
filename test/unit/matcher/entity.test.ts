import { describe, expect, test } from '@jest/globals';
import { entityId } from '../../../src/matcher/incident.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { matcherOf } from '../../support/tables.ts';

const OURS = '10.1.2.3';
const SERVER = '10.9.9.9';
const OUTSIDE = '9.9.9.9';
const matcher = matcherOf();

const suspect = (event: EventDocument, by = matcher) => {
  const { entity, direction } = by.match(event) ?? {};
  return entity && { type: entity.type, name: entity.name, shared: entity.shared, direction };
};
const address = (name: string, direction: string) => ({ type: 'address', name, shared: false, direction });
const host = (name: string) => ({ type: 'host', name, shared: false });
const traffic = (client: string, server: string, rest: object = {}): EventDocument => ({
  source: { ip: client },
  destination: { ip: server, port: 3333 },
  ...rest,
});

describe('events that a host tells of itself: its name', () => {
  const ends = { source: { ip: OURS }, destination: { ip: OUTSIDE, port: 3333 }, host: { name: 'PC1.Corp.local' } };

  test.each<[string, object]>([
    ['Windows Security', { event: { module: 'security' } }],
    ['Windows', { event: { dataset: 'windows.forwarded' } }],
    ['Windows of the agent', { data_stream: { dataset: 'system.security' }, event: { dataset: 'system.security' } }],
    ['a Windows channel', { winlog: { channel: 'Microsoft-Windows-Sysmon/Operational' } }],
    ['Winlogbeat', { agent: { type: 'winlogbeat' } }],
    ['Sysmon', { event: { module: 'sysmon' } }],
    ['Sysmon of the agent', { event: { dataset: 'windows.sysmon_operational' } }],
    ['endpoint', { event: { module: 'endpoint', dataset: 'endpoint.events.network' } }],
    ['auditd', { event: { module: 'auditd' } }],
    ['auditd of the agent', { event: { dataset: 'auditd_manager.auditd' } }],
    ['auditd.log', { event: { dataset: 'auditd.log' } }],
    ['Auditbeat', { agent: { type: 'auditbeat' } }],
    ['a process', { event: { category: ['network', 'process'] } }],
  ])('%s: host.name', (_what, rest) => {
    expect(suspect({ ...ends, ...rest })).toEqual({ ...host('pc1.corp.local'), direction: 'outbound' });
  });

  test('winlog.computer_name before host.name, which may be the collector', () => {
    const event = { ...ends, winlog: { computer_name: 'WS7.Corp.local' }, host: { name: 'wec01' } };
    expect(suspect(event)).toMatchObject(host('ws7.corp.local'));
  });

  test('without a name: as network events', () => {
    expect(suspect({ ...ends, event: { module: 'sysmon' }, host: {} })).toEqual(address(OURS, 'outbound'));
  });

  test('without addresses: the host, direction unknown', () => {
    const event = { winlog: { computer_name: 'WS7', event_data: { QueryName: 'minexmr.com' } } };
    expect(suspect(event)).toEqual({ ...host('ws7'), direction: 'unknown' });
  });

  test.each<[string, EventDocument]>([
    ['raw', { winlog: { computer_name: 'WS7', event_data: { IpAddress: '51.15.58.224', IpPort: '50123' } } }],
    ['by a pipeline', { winlog: { computer_name: 'WS7' }, source: { ip: '51.15.58.224', port: 50_123 } }],
  ])('a logon from outside, %s: inbound, so that a listed address counts half', (_what, event) => {
    expect(suspect(event)).toEqual({ ...host('ws7'), direction: 'inbound' });
    expect(matcher.match(event)).toMatchObject({ score: 24, severity: 'low' });
  });

  test('reached from outside: inbound', () => {
    const event = { ...traffic(OUTSIDE, OURS), winlog: { computer_name: 'WS7' } };
    expect(suspect(event)).toEqual({ ...host('ws7'), direction: 'inbound' });
  });
});

describe('network events: the internal endpoint before NAT', () => {
  test.each<[string, EventDocument, ReturnType<typeof address>]>([
    ['our client', traffic(OURS, OUTSIDE), address(OURS, 'outbound')],
    ['our client in ULA', traffic('fd00::7', '2a01:4f8::1'), address('fd00::7', 'outbound')],
    ['our client, link-local', traffic('fe80::7%eth0', OUTSIDE), address('fe80::7', 'outbound')],
    ['loopback', traffic('127.0.0.1', OUTSIDE), address('127.0.0.1', 'outbound')],
    ['a client in 172.16.0.0/12', traffic('172.31.255.255', OUTSIDE), address('172.31.255.255', 'outbound')],
    ['our server', traffic(OUTSIDE, SERVER), address(SERVER, 'inbound')],
    ['both internal: the client', traffic(OURS, SERVER), address(OURS, 'outbound')],
    ['our server, client untold', { destination: { ip: SERVER, port: 3333 } }, address(SERVER, 'unknown')],
    ['our client, server untold', { source: { ip: OURS }, url: { domain: 'minexmr.com' } }, address(OURS, 'outbound')],
    ['client.ip before source.ip', traffic('10.0.0.53', OUTSIDE, { client: { ip: OURS } }), address(OURS, 'outbound')],
    [
      'not the addresses of NAT',
      { ...traffic(OURS, OUTSIDE), source: { ip: OURS, nat: { ip: '192.168.0.1' } } },
      address(OURS, 'outbound'),
    ],
    [
      'not an internal address that only NAT has',
      { source: { ip: OUTSIDE }, destination: { ip: '8.8.4.4', port: 3333, nat: { ip: SERVER } } },
      address(OUTSIDE, 'outbound'),
    ],
    [
      'not observer, agent, host or exporter',
      traffic(OURS, OUTSIDE, {
        observer: { ip: '10.0.0.1', name: 'fw1' },
        agent: { name: 'collector' },
        host: { name: 'collector', ip: '10.0.0.2' },
        netflow: { exporter: { address: '10.0.0.1:4444' } },
      }),
      address(OURS, 'outbound'),
    ],
    [
      'a DNS client, whatever the answer',
      { source: { ip: OURS }, destination: { ip: '10.0.0.53' }, dns: { answers: [{ data: '51.15.58.224' }] } },
      address(OURS, 'outbound'),
    ],
    [
      'an address in source.address',
      { source: { address: OURS }, destination: { port: 3333 } },
      address(OURS, 'outbound'),
    ],
    [
      'the server behind a load balancer of AWS',
      {
        source: { ip: OUTSIDE },
        url: { domain: 'minexmr.com' },
        aws: { elb: { backend: { ip: SERVER, port: '80' } } },
      },
      address(SERVER, 'inbound'),
    ],
    [
      'the server behind an NGINX ingress controller',
      {
        source: { ip: OUTSIDE },
        url: { domain: 'minexmr.com' },
        nginx_ingress_controller: { access: { upstream: { ip: SERVER, port: 8080 } } },
      },
      address(SERVER, 'inbound'),
    ],
    ['SELKS', { src_ip: OURS, dest_ip: OUTSIDE, dest_port: 3333 }, address(OURS, 'outbound')],
  ])('%s: %#', (_what, event, expected) => {
    expect(suspect(event)).toEqual(expected);
  });

  test.each([
    ['outbound', '8.8.8.8', 'outbound'],
    ['egress', '8.8.8.8', 'outbound'],
    ['inbound', OUTSIDE, 'inbound'],
    ['INGRESS', OUTSIDE, 'inbound'],
    ['internal', '8.8.8.8', 'outbound'],
    ['external', '8.8.8.8', 'outbound'],
    ['unknown', '8.8.8.8', 'outbound'],
    [undefined, '8.8.8.8', 'outbound'],
  ])('both public and network.direction %s: %s, %s', (direction, name, seen) => {
    expect(suspect(traffic('8.8.8.8', OUTSIDE, { network: { direction } }))).toEqual(address(name, seen));
  });

  test('network.direction does not overrule addresses of ours', () => {
    expect(suspect(traffic(OURS, OUTSIDE, { network: { direction: 'inbound' } }))).toEqual(address(OURS, 'outbound'));
    expect(suspect(traffic(OUTSIDE, OURS, { network: { direction: 'outbound' } }))).toEqual(address(OURS, 'inbound'));
  });

  test('internal_networks say what is internal', () => {
    const campus = matcherOf(undefined, { internal_networks: ['9.0.0.0/8', '::ffff:8.0.0.0/104'] });
    expect(suspect(traffic(OURS, OUTSIDE), campus)).toEqual(address(OUTSIDE, 'inbound'));
    expect(suspect(traffic('8.8.8.8', '51.15.58.224'), campus)).toEqual(address('8.8.8.8', 'outbound'));
  });
});

describe('a one-way reply', () => {
  const flow = { event: { dataset: 'netflow.log' } };
  const reply = (client: string, server: string, rest: object = {}): EventDocument => ({
    source: { ip: client, port: 3333, bytes: 900, packets: 3 },
    destination: { ip: server, port: 51_000 },
    ...flow,
    ...rest,
  });

  test('from outside: whom it goes to, outbound, points whole', () => {
    expect(suspect(reply(OUTSIDE, OURS))).toEqual(address(OURS, 'outbound'));
    expect(matcher.match(reply(OUTSIDE, OURS))?.score).toBe(21);
  });

  test('both internal: the destination', () => {
    expect(suspect(reply(SERVER, OURS))).toEqual(address(OURS, 'outbound'));
  });

  test('of our server to outside: our server', () => {
    expect(suspect(reply(SERVER, OUTSIDE))).toEqual(address(SERVER, 'outbound'));
  });

  test('a DNS answer from outside', () => {
    const event = { source: { ip: OUTSIDE, port: 53 }, destination: { ip: OURS, port: 40_000 } };
    const answer = { ...event, dns: { answers: { data: 'minexmr.com' } } };
    expect(suspect(answer)).toEqual(address(OURS, 'outbound'));
    expect(matcher.match(answer)?.score).toBe(73);
  });

  test('is none where the other side answered, or the sender has the higher port', () => {
    const answered = { destination: { ip: OURS, port: 51_000, bytes: 60 } };
    expect(suspect(reply(OUTSIDE, OURS, answered))).toEqual(address(OURS, 'inbound'));
    expect(suspect(reply(SERVER, OURS, answered))).toEqual(address(SERVER, 'outbound'));
    const lower = { destination: { ip: OURS, port: 3000 } };
    expect(suspect(reply(SERVER, OURS, lower))).toEqual(address(SERVER, 'outbound'));
  });

  test('is read from one pair of ends where client and server are told too', () => {
    // The exporter saw the second half of what an outside client began.
    const told = { client: { ip: OUTSIDE, port: 51_000 }, server: { ip: SERVER, port: 3333 } };
    expect(suspect(reply(SERVER, OUTSIDE, told))).toEqual(address(SERVER, 'inbound'));
  });
});

describe('shared hosts', () => {
  const shared = matcherOf(undefined, { shared_hosts: ['10.0.0.53', '10.77.0.0/16', 'Jump1.corp.local', 'fd00::53'] });
  const through = (proxy: string, rest: object = {}) => suspect(traffic(proxy, OUTSIDE, rest), shared);
  const user = { type: 'user', name: 'mallory', shared: false, direction: 'outbound' };

  test.each(['10.0.0.53', '10.77.8.9', '::ffff:10.0.0.53'])('%s: network.forwarded_ip before user.name', (proxy) => {
    const both = { network: { forwarded_ip: OURS }, user: { name: 'mallory' } };
    expect(through(proxy, both)).toEqual(address(OURS, 'outbound'));
  });

  test('user.name, also of the source', () => {
    expect(through('10.0.0.53', { user: { name: 'mallory' } })).toEqual(user);
    expect(suspect({ ...traffic('', OUTSIDE), source: { ip: 'FD00::53', user: { name: 'mallory' } } }, shared)).toEqual(
      user,
    );
  });

  test('forwarded_ip that is none is passed over', () => {
    expect(through('10.0.0.53', { network: { forwarded_ip: '-' }, user: { name: 'mallory' } })).toEqual(user);
  });

  test('neither: itself, marked shared', () => {
    expect(through('10.77.8.9')).toEqual({ ...address('10.77.8.9', 'outbound'), shared: true });
  });

  test('a jump host by its name', () => {
    const event = { winlog: { computer_name: 'JUMP1.corp.local' }, ...traffic(OURS, OUTSIDE) };
    expect(suspect(event, shared)).toEqual({ ...host('jump1.corp.local'), shared: true, direction: 'outbound' });
    expect(suspect({ ...event, user: { name: 'mallory' } }, shared)).toEqual(user);
  });

  test('others have forwarded_ip and user.name without becoming them', () => {
    const both = { network: { forwarded_ip: SERVER }, user: { name: 'mallory' } };
    expect(through(OURS, both)).toEqual(address(OURS, 'outbound'));
  });

  test('a load balancer reached from outside stays itself: forwarded_ip is the outside client', () => {
    const event = traffic(OUTSIDE, '10.77.0.1', { network: { forwarded_ip: '8.8.8.8' }, user: { name: 'guest' } });
    expect(suspect(event, shared)).toEqual({ ...address('10.77.0.1', 'inbound'), shared: true });
  });
});

describe('neither host nor address', () => {
  const name = { dns: { question: { name: 'minexmr.com' } } };

  test.each([
    ['a free text', 'a free text'],
    ['Host7.Corp.local.', 'host7.corp.local'],
  ])('source.address as text: %s', (text, shown) => {
    const entity = { type: 'text', name: shown, shared: false };
    expect(suspect({ ...name, source: { address: text } })).toMatchObject(entity);
    expect(suspect({ client: { address: 'another' }, ...name, source: { address: text } })).toMatchObject(entity);
    expect(suspect({ source: { address: text }, ...name, client: { address: 'another' } })).toMatchObject(entity);
  });

  test.each<[object, string]>([
    [{ event: { dataset: 'zeek.dns' } }, 'unknown:zeek.dns'],
    [{ data_stream: { dataset: 'dns' } }, 'unknown:dns'],
    [{ event: { module: 'zeek' } }, 'unknown:zeek'],
    [{}, 'unknown:unknown'],
    [{ event: { dataset: 'zeek.dns' }, source: { address: '' } }, 'unknown:zeek.dns'],
    [{ event: { dataset: 'zeek.dns' }, source: { ip: 'rubbish' } }, 'unknown:zeek.dns'],
    [{ event: { dataset: 'zeek.dns' }, host: { name: 'sensor1' } }, 'unknown:zeek.dns'],
  ])('else unknown and the dataset: %j', (rest, shown) => {
    expect(suspect({ ...name, ...rest })).toEqual({ type: 'unknown', name: shown, shared: true, direction: 'unknown' });
  });
});

const idOf = (event: EventDocument, by = matcher) => {
  const evidence = by.match(event);
  return evidence && entityId(evidence.scope, evidence.entity);
};
const sited = (namespace?: string) =>
  traffic(OURS, OUTSIDE, namespace === undefined ? {} : { data_stream: { namespace } });

describe('scope', () => {
  test('equal addresses of two namespaces never meet', () => {
    expect(idOf(sited('berlin'))).not.toBe(idOf(sited('bonn')));
    expect(idOf(sited('berlin'))).toBe(idOf({ ...sited(), 'data_stream.namespace': ['berlin'] }));
    expect(idOf(sited())).toBe(idOf(sited('default')));
  });

  test("the source's own scope overrules", () => {
    const scoped = matcherOf(undefined, { scope: 'site-7' });
    expect(scoped.match(sited('berlin'))?.scope).toBe('site-7');
    expect(idOf(sited('berlin'), scoped)).toBe(idOf(sited('bonn'), scoped));
  });

  test('a host, an address, a user and a text of one name are four', () => {
    const ids = (['host', 'address', 'user', 'text'] as const).map((type) =>
      entityId('x', { type, name: 'a', shared: false }),
    );
    expect(new Set(ids).size).toBe(4);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { EventDocument } from '../../../src/model/event.ts';
import { matcherOf } from '../../support/tables.ts';

const matcher = matcherOf();
const deniedOf = (rest: EventDocument) => matcher.match({ url: { domain: 'minexmr.com' }, ...rest })?.denied;
const answered = (...data: readonly string[]) => deniedOf({ dns: { answers: data.map((one) => ({ data: one })) } });

describe('event.type', () => {
  test.each<[unknown, boolean]>([
    ['denied', true],
    [['connection', 'denied'], true],
    [['allowed', 'denied'], true],
    [['denied', 'allowed'], true],
    ['Denied', true],
    ['allowed', false],
    [['connection', 'error'], false],
  ])('%j: %p', (type, denied) => {
    expect(deniedOf({ event: { type } })).toBe(denied);
  });
});

test.each(['failure', 'success', 'unknown', 'denied'])('event.outcome %s says nothing of it', (outcome) => {
  expect(deniedOf({ event: { outcome } })).toBe(false);
  expect(deniedOf({ event: { outcome, type: 'denied' } })).toBe(true);
});

describe('event.action', () => {
  test.each([
    'block',
    'Blocked',
    'drop',
    'dropped',
    'flow_dropped',
    'firewall-drop',
    'deny',
    'Denied',
    'reject',
    'connection rejected',
    'TCP_DENIED/403',
    'TCP_DENIED_REPLY/407',
    'NONE_NONE:refused',
    'sinkholed',
    'The Windows Filtering Platform has blocked a connection.',
  ])('%s is denial', (action) => {
    expect(deniedOf({ event: { action } })).toBe(true);
    expect(deniedOf({ event: { action: ['log', action], type: 'allowed' } })).toBe(true);
  });

  test.each([
    'allow',
    'accepted',
    'TCP_MISS/403',
    'TCP_TUNNEL/200',
    'unblocked',
    'dropbox-upload',
    'denylist-updated',
    '',
    403,
  ])('%s is none', (action) => {
    expect(deniedOf({ event: { action } })).toBe(false);
  });
});

test('an IDS that blocks denies, one that only alerts does not', () => {
  expect(deniedOf({ suricata: { eve: { alert: { action: 'blocked' } } } })).toBe(true);
  expect(deniedOf({ suricata: { eve: { alert: { action: 'allowed' } } } })).toBe(false);
});

test.each([
  ['fortinet.firewall.action', 'blocked', 'accept'],
  ['panw.panos.action', 'block-url', 'alert'],
  ['cisco.ftd.security.access_control_rule_action', 'Block', 'Allow'],
  ['aws.vpcflow.action', 'REJECT', 'ACCEPT'],
  ['gcp.firewall.rule_details.action', 'DENY', 'ALLOW'],
])('%s %s is denial, %s is none, whatever event.type leaves out', (field, denies, allows) => {
  expect(deniedOf({ event: { type: ['connection'] }, [field]: denies })).toBe(true);
  expect(deniedOf({ event: { type: ['connection'] }, [field]: allows })).toBe(false);
});

test('a proxy that asks who you are has not let you through; a refusal of the server says nothing', () => {
  expect(deniedOf({ http: { response: { status_code: 407 } } })).toBe(true);
  expect(deniedOf({ http: { response: { status_code: '407' } } })).toBe(true);
  for (const status_code of [200, 403, 404, 502]) expect(deniedOf({ http: { response: { status_code } } })).toBe(false);
});

describe('a name that does not exist', () => {
  test.each<[string, EventDocument]>([
    ['NXDOMAIN', { dns: { response_code: 'NXDOMAIN' } }],
    ['in lower case', { dns: { response_code: 'nxdomain' } }],
    ['by number', { dns: { response_code: 3 } }],
    ['Sysmon through the pipeline', { sysmon: { dns: { status: 'DNS_ERROR_RCODE_NAME_ERROR' } } }],
    ['Sysmon as it is', { winlog: { event_data: { QueryStatus: '9003' } } }],
  ])('%s', (_what, event) => {
    expect(deniedOf(event)).toBe(true);
  });

  test.each<[string, EventDocument]>([
    ['NOERROR', { dns: { response_code: 'NOERROR' } }],
    ['SERVFAIL', { dns: { response_code: 'SERVFAIL' } }],
    ['Sysmon through the pipeline', { sysmon: { dns: { status: 'SUCCESS' } } }],
    ['Sysmon as it is', { winlog: { event_data: { QueryStatus: '0' } } }],
  ])('is not told by %s', (_what, event) => {
    expect(deniedOf(event)).toBe(false);
  });
});

describe('a sinkholed answer', () => {
  test.each(['0.0.0.0', '127.0.0.1', '127.0.0.53', '::', '::1', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0'])('%s', (data) => {
    expect(answered(data)).toBe(true);
    expect(answered('sinkhole.example.org', data)).toBe(true);
    expect(deniedOf({ dns: { resolved_ip: [data] } })).toBe(true);
  });

  test('is none beside a true address, nor where there is no address', () => {
    expect(answered('0.0.0.0', '9.9.9.9')).toBe(false);
    expect(answered('9.9.9.9')).toBe(false);
    expect(answered('pool.example.org')).toBe(false);
    expect(answered()).toBe(false);
    expect(deniedOf({ dns: { resolved_ip: '9.9.9.9', answers: { data: '0.0.0.0' } } })).toBe(false);
  });

  test('is an answer: an endpoint at 127.0.0.1 is none', () => {
    expect(deniedOf({ destination: { ip: '127.0.0.1' } })).toBe(false);
  });
});

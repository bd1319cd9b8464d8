/** What somebody reads in an event's JSON with plain eyes, without the matcher: who is suspected, denial, time. */
import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';
import type { EventDocument } from '../../../src/model/event.ts';
import { valuesOf } from '../../support/values.ts';

/** Which rule of docs/DETECTION.md decides on the entity. */
export type Rule =
  | 'the host that tells it'
  | 'a one-way reply: its destination'
  | 'a one-way reply that goes outside: its internal sender'
  | 'both internal: the client'
  | 'an internal client'
  | 'an outside client of our server'
  | 'an internal server, its client untold'
  | 'both public, inbound: the server'
  | 'both public: the client'
  | 'a public client, its server untold'
  | 'source.address is no address: its text'
  | 'nobody';

export interface Suspected {
  readonly rule: Rule;
  /** In lower case. */
  readonly name: string;
}

/** Sources whose events a host tells of itself. */
export const TOLD_BY_HOSTS: readonly string[] = ['sysmon', 'windows_security'];

const CLIENT = 'client.ip client.address source.ip source.address src_ip cisco.ftd.security.src_ip'.split(' ');
const SERVER = [
  ...'server.ip server.address destination.ip destination.address dest_ip cisco.ftd.security.dst_ip'.split(' '),
  'aws.elb.backend.ip',
  'nginx_ingress_controller.access.upstream.ip',
];
const CLIENT_PORTS = ['client.port', 'source.port', 'src_port'];
const SERVER_PORTS = ['server.port', 'destination.port', 'dest_port'];

const OURS = new BlockList();
OURS.addSubnet('10.0.0.0', 8);
OURS.addSubnet('172.16.0.0', 12);
OURS.addSubnet('192.168.0.0', 16);
OURS.addSubnet('169.254.0.0', 16);
OURS.addSubnet('127.0.0.0', 8);
OURS.addSubnet('fc00::', 7, 'ipv6');
OURS.addSubnet('fe80::', 10, 'ipv6');
OURS.addAddress('::1', 'ipv6');

/** An address in one spelling. */
export function plainAddress(text: string): string {
  return isIPv6(text) ? new SocketAddress({ address: text, family: 'ipv6' }).address : text;
}

/** Texts and numbers of the fields that are not empty. */
export function textsOf(event: EventDocument, fields: readonly string[]): string[] {
  return fields
    .flatMap((field) => valuesOf(event, field))
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String)
    .filter((text) => text !== '');
}

function addressOf(event: EventDocument, fields: readonly string[]): string | undefined {
  const text = textsOf(event, fields).find((one) => isIP(one) !== 0);
  return text === undefined ? undefined : plainAddress(text);
}

/** Addresses of the two sides before NAT; undefined where the event tells none. */
export function endsOf(event: EventDocument): { client: string | undefined; server: string | undefined } {
  return { client: addressOf(event, CLIENT), server: addressOf(event, SERVER) };
}

export function isOurs(address: string | undefined): boolean {
  return address !== undefined && OURS.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Port of the client's side and of the server's; NaN where the event tells none: ICMP has 0 and a type there. */
export function portsOf(event: EventDocument): readonly [client: number, server: number] {
  const portOf = (fields: readonly string[]): number =>
    textsOf(event, fields)
      .map(Number)
      .find((port) => port > 0 && port < 65_536) ?? Number.NaN;
  return [portOf(CLIENT_PORTS), portOf(SERVER_PORTS)];
}

export function isFlow(event: EventDocument): boolean {
  return textsOf(event, ['event.action', 'netflow.type']).some((text) => text.startsWith('netflow'));
}

function some(counts: readonly string[]): boolean {
  return counts.some((count) => Number(count) > 0);
}

/** The reply half of a flow, from a service to a higher port, with nothing back; or a DNS answer. */
export function isReply(event: EventDocument): boolean {
  const [from, to] = portsOf(event);
  if (from === 53 && to !== 53) return !Number.isNaN(to);
  const back = textsOf(event, ['destination.bytes', 'destination.packets']);
  const sent = textsOf(event, ['source.bytes', 'source.packets']);
  const oneWay = isFlow(event) ? !some(back) : back.length === 0 && some(sent);
  return oneWay && from < to && to >= 1024;
}

function told(rule: Rule, name: string): Suspected {
  return { rule, name: name.toLowerCase() };
}

/** Whom an event of this source makes suspect, with the default `internal_networks` and without shared hosts. */
export function suspectedOf(source: string, event: EventDocument): Suspected {
  const { client, server } = endsOf(event);
  if (TOLD_BY_HOSTS.includes(source)) {
    const [host] = textsOf(event, ['winlog.computer_name', 'host.name']);
    if (host !== undefined) return told('the host that tells it', host);
  }
  if (server !== undefined && isReply(event)) {
    return client !== undefined && isOurs(client) && !isOurs(server)
      ? told('a one-way reply that goes outside: its internal sender', client)
      : told('a one-way reply: its destination', server);
  }
  if (client !== undefined && isOurs(client)) {
    return told(isOurs(server) ? 'both internal: the client' : 'an internal client', client);
  }
  if (server !== undefined && isOurs(server)) {
    return client === undefined
      ? told('an internal server, its client untold', server)
      : told('an outside client of our server', server);
  }
  if (client !== undefined && server !== undefined) {
    const inbound = textsOf(event, ['network.direction']).some((text) => /^(inbound|ingress)$/i.test(text));
    return inbound ? told('both public, inbound: the server', server) : told('both public: the client', client);
  }
  if (client !== undefined) return told('a public client, its server untold', client);
  const [text] = textsOf(event, ['source.address', 'client.address']);
  if (text !== undefined) return told('source.address is no address: its text', text.replace(/\.$/, ''));
  const [dataset = 'unknown'] = textsOf(event, ['event.dataset', 'data_stream.dataset', 'event.module']);
  return told('nobody', `unknown:${dataset}`);
}

const DENIES =
  /(?:^|[^a-z])(?:block(?:s|ed)?|drop(?:s|ped)?|deny|denie[sd]|reject(?:s|ed)?|refused?|sinkholed?)(?![a-z])/i;
/** `event.action`, and what products call it. */
const ACTIONS = [
  ...'event.action suricata.eve.alert.action alert.action aws.vpcflow.action'.split(' '),
  'panw.panos.action',
  'fortinet.firewall.action',
  'gcp.firewall.rule_details.action',
  'cisco.ftd.security.access_control_rule_action',
  'rsa.misc.action',
];
const RESPONSES = 'dns.response_code zeek.dns.rcode_name suricata.eve.dns.rcode dns.rcode'.split(' ');
const STATUSES = ['sysmon.dns.status', 'winlog.event_data.QueryStatus'];
const ANSWERS = ['dns.answers.data', 'dns.resolved_ip', 'zeek.dns.answers'];

/** How a denial is told. */
export type Denial = 'type' | 'action' | 'login' | 'no such name' | 'sinkhole';

/** Addresses that a DNS event was answered with. */
function answersOf(event: EventDocument): string[] {
  const sysmon = textsOf(event, ['winlog.event_data.QueryResults']).flatMap((text) => text.split(';'));
  return [...textsOf(event, ANSWERS), ...sysmon].map((text) => text.replace(/^::ffff:/i, '')).filter(isIP);
}

/** Why an event is denied; undefined where nothing says so. */
export function denialOf(event: EventDocument): Denial | undefined {
  if (textsOf(event, ['event.type']).some((type) => type.toLowerCase() === 'denied')) return 'type';
  if (textsOf(event, ACTIONS).some((text) => DENIES.test(text))) return 'action';
  if (textsOf(event, ['http.response.status_code']).includes('407')) return 'login';
  if (textsOf(event, RESPONSES).some((code) => /^(?:nxdomain|3)$/i.test(code))) return 'no such name';
  if (textsOf(event, STATUSES).some((code) => code === '9003' || code === 'DNS_ERROR_RCODE_NAME_ERROR')) {
    return 'no such name';
  }
  const answers = answersOf(event);
  const nowhere = answers.length > 0 && answers.every((one) => /^(?:0\.0\.0\.0|127\..*|::1?)$/.test(one));
  return nowhere ? 'sinkhole' : undefined;
}

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;

/** Milliseconds since 1970 of the earliest date-time in the first of the fields that has one; undefined without. */
export function timeOf(event: EventDocument): number | undefined {
  for (const field of ['@timestamp', 'event.created', 'event.ingested']) {
    const times = textsOf(event, [field]).filter((text) => DATE_TIME.test(text));
    const [earliest] = times.map((text) => Date.parse(text.replace(/(\d\d)(\d\d)$/, '$1:$2'))).sort((a, b) => a - b);
    if (earliest !== undefined) return earliest;
  }
  return undefined;
}

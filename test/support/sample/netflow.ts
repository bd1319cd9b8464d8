import { GATEWAY, type Host, PROXY } from './company.ts';
import { dataset, draft, envelope, temptation } from './envelope.ts';
import { type Flow, fromOutside, miningFlow, ordinaryFlow, toSite } from './flow.ts';
import * as known from './indicators.ts';
import type { Document, Moment, Shape, SourceSample, Story } from './types.ts';

const NETFLOW = dataset('netflow.log');
const EXPORTER = `${GATEWAY.ip}:50112`;
/** An exporter whose own UDP port is a mining port: not traffic. */
const TRAP_EXPORTER = '192.0.2.1:4444';
const TCP_ACK_PUSH = 24;
const TCP_SYN = 2;
/** `firewallEvent` of IPFIX, as firewalls export it. */
const FLOW_DENIED = 3;

interface OneWay {
  readonly reply: boolean;
  readonly exporter: string;
}

const FORWARD: OneWay = { reply: false, exporter: EXPORTER };
const REPLY: OneWay = { reply: true, exporter: EXPORTER };

/** One direction of a flow, as routers export it: in a reply the server is the source. */
function oneWay(moment: Moment, flow: Flow, { reply, exporter }: OneWay): Document {
  const [from, to] = reply ? [flow.server, flow.client] : [flow.client, flow.server];
  const bytes = reply ? flow.serverBytes : flow.clientBytes;
  const packets = 1 + Math.floor(bytes / 700);
  const number = flow.transport === 'tcp' ? 6 : 17;
  const inbound = (flow.direction === 'inbound') !== reply;
  return {
    ...envelope(moment, NETFLOW, {
      action: 'netflow_flow',
      category: ['network'],
      duration: flow.seconds * 1e9,
      kind: 'event',
      type: flow.denied ? ['connection', 'denied'] : ['connection'],
    }),
    source: { ...from, bytes, locality: flow.direction === 'inbound' ? 'external' : 'internal', packets },
    destination: { ...to, locality: flow.direction === 'outbound' ? 'external' : 'internal' },
    flow: { id: moment.random.hex(11), locality: flow.direction === 'internal' ? 'internal' : 'external' },
    netflow: {
      type: 'netflow_flow',
      exporter: { address: exporter, source_id: 0, timestamp: moment.timestamp, uptime_millis: 86_400_000, version: 9 },
      source_ipv4_address: from.ip,
      source_transport_port: from.port,
      destination_ipv4_address: to.ip,
      destination_transport_port: to.port,
      octet_delta_count: bytes,
      packet_delta_count: packets,
      protocol_identifier: number,
      tcp_control_bits: flow.denied ? TCP_SYN : TCP_ACK_PUSH,
      ...(flow.denied && { firewall_event: FLOW_DENIED }),
      ingress_interface: 1,
      egress_interface: 2,
    },
    network: {
      bytes,
      packets,
      direction: flow.direction === 'internal' ? 'internal' : inbound ? 'inbound' : 'outbound',
      iana_number: String(number),
      transport: flow.transport,
    },
    observer: { ip: [exporter.slice(0, exporter.indexOf(':'))] },
    related: { ip: [from.ip, to.ip] },
  };
}

const TO_POOL = { addresses: ['destination.ip'], ports: ['destination.port'] };
const FROM_POOL = { addresses: ['source.ip'], ports: ['source.port'] };

function there(host: Host, contact: known.Contact, denied = false): Shape {
  const expected = known.expectContact(contact, TO_POOL);
  return (m) => draft(NETFLOW, oneWay(m, miningFlow(m, host, contact, denied), FORWARD), expected);
}

function back(host: Host, contact: known.Contact): Shape {
  const expected = known.expectContact(contact, FROM_POOL);
  return (m) => draft(NETFLOW, oneWay(m, miningFlow(m, host, contact), REPLY), expected);
}

const mining: Record<Story, Shape[]> = {
  workstation: [
    there(known.INFECTED, known.POOL),
    back(known.INFECTED, known.POOL),
    back(known.INFECTED, known.DONATION),
  ],
  server: [
    there(known.BUILD, known.QUIET_POOL),
    back(known.BUILD, known.QUIET_POOL),
    there(known.BUILD, known.TLS_POOL),
  ],
  browser: [there(PROXY, known.BROWSER_MINER), back(PROXY, known.BROWSER_MINER)],
  denied: [there(known.BLOCKED, known.BLOCKED_POOL, true), there(known.BLOCKED, known.SPARE_POOL, true)],
  scan: [
    (m) => {
      const flow = fromOutside(m.random, known.SCANNER, known.SCANNED, 4444, true);
      return draft(NETFLOW, oneWay(m, flow, FORWARD), known.expectPort(4444, 'destination.port'));
    },
    (m) => {
      const flow = { ...fromOutside(m.random, known.SCANNER, known.SCANNED, 8888, true), serverBytes: 40 };
      return draft(NETFLOW, oneWay(m, flow, REPLY), known.expectPort(8888, 'source.port'));
    },
  ],
};

const lookAlikes: Shape[] = [
  (m) => temptation(NETFLOW, oneWay(m, ordinaryFlow(m), { ...FORWARD, exporter: TRAP_EXPORTER }), 'exporter port 4444'),
  (m) => {
    const flow = toSite(m.random, known.BUILD, { ip: '198.18.40.7', port: 33330 }, undefined);
    return temptation(NETFLOW, oneWay(m, flow, REPLY), 'port 33330');
  },
  (m) => {
    const flow = toSite(m.random, PROXY, { ip: '172.65.0.1', port: 443 }, undefined);
    return temptation(NETFLOW, oneWay(m, flow, FORWARD), 'shared address 172.65.0.1');
  },
];

export const netflow: SourceSample = {
  source: 'netflow',
  ingested: true,
  benign: [
    (m) => draft(NETFLOW, oneWay(m, ordinaryFlow(m), FORWARD)),
    (m) => draft(NETFLOW, oneWay(m, ordinaryFlow(m), REPLY)),
  ],
  mining,
  lookAlikes,
};

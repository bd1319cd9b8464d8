import { GATEWAY, type Host, PROXY, PUBLIC_ADDRESS } from './company.ts';
import { dataset, draft, envelope, temptation } from './envelope.ts';
import { type Flow, fromOutside, miningFlow, ordinaryFlow, toSite } from './flow.ts';
import * as known from './indicators.ts';
import type { Document, Draft, Moment, Shape, SourceSample, Story } from './types.ts';

const PANOS = dataset('panw.panos');
const ASA = dataset('cisco_asa.log');
const FORTIGATE = dataset('fortinet_fortigate.log');

function related({ client, server, nat }: Flow): string[] {
  return nat === undefined ? [client.ip, server.ip] : [client.ip, server.ip, nat.ip];
}

/** A traffic log of PAN-OS: one event a session, all translations told. */
function panos(moment: Moment, flow: Flow): Document {
  const { client, server, nat, denied, direction } = flow;
  const inbound = direction === 'inbound';
  return {
    ...envelope(moment, PANOS, {
      action: denied ? 'flow_denied' : 'flow_terminated',
      category: ['network'],
      duration: flow.seconds * 1e9,
      kind: 'event',
      outcome: 'success',
      type: denied ? ['denied', 'connection'] : ['allowed', 'end', 'connection'],
    }),
    source: { ...client, address: client.ip, bytes: flow.clientBytes, ...(nat && { nat }) },
    destination: inbound
      ? { ip: PUBLIC_ADDRESS, address: PUBLIC_ADDRESS, port: server.port, bytes: flow.serverBytes, nat: { ...server } }
      : { ...server, address: server.ip, bytes: flow.serverBytes },
    network: {
      application: flow.application,
      bytes: flow.clientBytes + flow.serverBytes,
      direction,
      transport: flow.transport,
      type: 'ipv4',
    },
    observer: {
      hostname: GATEWAY.name,
      ingress: { zone: inbound ? 'untrust' : 'trust' },
      egress: { zone: inbound ? 'dmz' : 'untrust' },
      product: 'PAN-OS',
      serial_number: '015351000012345',
      type: 'firewall',
      vendor: 'Palo Alto Networks',
    },
    panw: { panos: { type: 'TRAFFIC', sub_type: denied ? 'deny' : 'end', action: denied ? 'deny' : 'allow' } },
    related: { ip: related(flow), ...(flow.user !== undefined && { user: [flow.user] }) },
    rule: { name: denied ? 'default-deny' : `allow-${flow.application}` },
  };
}

/** A connection message of an ASA: `event.category` and `related.ip` are scalars where there is one value. */
function asa(moment: Moment, { client, server, ...flow }: Flow): Document {
  return {
    ...envelope(moment, ASA, {
      action: flow.denied ? 'firewall-rule' : 'flow-expiration',
      category: 'network',
      code: flow.denied ? '106023' : '302014',
      kind: 'event',
      outcome: flow.denied ? 'failure' : 'success',
      severity: flow.denied ? 4 : 6,
      type: flow.denied ? ['connection', 'denied'] : ['connection', 'end'],
    }),
    cisco: { asa: { source_interface: flow.direction === 'inbound' ? 'outside' : 'inside', rule_name: 'acl_main' } },
    source: { address: client.ip, ip: client.ip, port: client.port, ...(flow.nat && { nat: flow.nat }) },
    destination: { address: server.ip, ip: server.ip, port: server.port },
    host: { hostname: 'asa-01' },
    log: { level: flow.denied ? 'warning' : 'informational' },
    network: { bytes: flow.clientBytes + flow.serverBytes, iana_number: '6', transport: flow.transport },
    observer: { hostname: 'asa-01', product: 'asa', type: 'firewall', vendor: 'Cisco' },
    related: { hosts: 'asa-01', ip: [client.ip, server.ip] },
  };
}

/** A traffic log of a FortiGate; where the device saw a server name it stands in `destination.domain`. */
function fortigate(moment: Moment, flow: Flow): Document {
  const { client, server, denied } = flow;
  return {
    ...envelope(moment, FORTIGATE, {
      action: denied ? 'deny' : 'close',
      category: ['network'],
      code: '0000000013',
      kind: 'event',
      outcome: 'success',
      type: denied ? ['connection', 'denied'] : ['connection', 'end', 'allowed'],
    }),
    fortinet: { firewall: { action: denied ? 'deny' : 'close', subtype: 'forward', type: 'traffic', vd: 'root' } },
    source: {
      ...client,
      bytes: flow.clientBytes,
      ...(flow.nat && { nat: flow.nat }),
      ...(flow.user !== undefined && { user: { name: flow.user } }),
    },
    destination: {
      ...server,
      bytes: flow.serverBytes,
      ...(flow.domain !== undefined && { domain: flow.domain, address: flow.domain }),
    },
    network: {
      bytes: flow.clientBytes + flow.serverBytes,
      direction: flow.direction,
      iana_number: '6',
      protocol: 'tcp',
    },
    observer: { name: 'fg-branch-01', product: 'Fortigate', type: 'firewall', vendor: 'Fortinet' },
    related: { ip: related(flow) },
    rule: { id: denied ? '0' : '27', ruleset: 'policy' },
  };
}

const NUMERIC = { addresses: ['destination.ip'], ports: ['destination.port'] };
const NAMED = { names: ['destination.domain'], ...NUMERIC };

type Told = (moment: Moment, flow: Flow) => Draft;
const byPanos: Told = (m, flow) => draft(PANOS, panos(m, flow));
const byAsa: Told = (m, flow) => draft(ASA, asa(m, flow));
const byFortigate: Told = (m, flow) => draft(FORTIGATE, fortigate(m, flow));

function mined(told: Told, host: Host, contact: known.Contact, denied = false): Shape {
  const expected = known.expectContact(contact, told === byFortigate ? NAMED : NUMERIC);
  return (m) => ({ ...told(m, miningFlow(m, host, contact, denied)), expected });
}

function knocked(told: Told, port: number): Shape {
  const fields = told === byPanos ? ['destination.port', 'destination.nat.port'] : ['destination.port'];
  const expected = fields.flatMap((field) => known.expectPort(port, field));
  return (m) => ({ ...told(m, fromOutside(m.random, known.SCANNER, known.SCANNED, port, true)), expected });
}

const mining: Record<Story, Shape[]> = {
  workstation: [
    mined(byPanos, known.INFECTED, known.POOL),
    mined(byAsa, known.INFECTED, known.DONATION),
    (m) => mined(byPanos, known.INFECTED, { ...known.NAMELESS_POOL, port: m.random.pick(known.MINING_PORTS) })(m),
  ],
  server: [
    mined(byAsa, known.BUILD, known.QUIET_POOL),
    mined(byFortigate, known.BUILD, known.RENTED_POOL),
    mined(byPanos, known.BUILD, known.TLS_POOL),
  ],
  browser: [mined(byFortigate, PROXY, known.BROWSER_MINER)],
  denied: [
    mined(byFortigate, known.BLOCKED, known.BLOCKED_POOL, true),
    mined(byAsa, known.BLOCKED, known.SPARE_POOL, true),
  ],
  scan: [knocked(byPanos, 4444), (m) => knocked(byAsa, m.random.pick(known.MINING_PORTS))(m)],
};

const lookAlikes: Shape[] = [
  (m) =>
    temptation(
      PANOS,
      panos(m, toSite(m.random, known.BUILD, { ip: '198.18.40.7', port: 33330 }, undefined)),
      'port 33330',
    ),
  (m) =>
    temptation(
      ASA,
      asa(m, toSite(m.random, PROXY, { ip: '172.65.0.1', port: 443 }, undefined)),
      'shared address 172.65.0.1',
    ),
  (m) => {
    const flow = toSite(m.random, known.BROWSING, { ip: '198.18.41.3', port: 443 }, 'minexmr.com.example.org');
    return temptation(FORTIGATE, fortigate(m, flow), 'minexmr.com.example.org');
  },
  (m) => {
    const document = panos(m, ordinaryFlow(m));
    const observer = { ...(document['observer'] as Document), ip: [known.TLS_POOL.address] };
    return temptation(PANOS, { ...document, observer }, 'a listed address as the observer');
  },
];

export const firewall: SourceSample = {
  source: 'firewall',
  ingested: true,
  benign: [byPanos, byPanos, byAsa, byFortigate].map(
    (told): Shape =>
      (m) =>
        told(m, ordinaryFlow(m)),
  ),
  mining,
  lookAlikes,
};

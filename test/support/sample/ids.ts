import { PROXY } from './company.ts';
import { dataset, draft, envelope, temptation } from './envelope.ts';
import { type Flow, fromOutside, miningFlow, ordinaryFlow, toSite } from './flow.ts';
import * as known from './indicators.ts';
import { ORDINARY_WORDS, SITES, userAgent } from './internet.ts';
import type { Document, Expectation, Moment, Shape, SourceSample, Story } from './types.ts';

const SURICATA = dataset('suricata.eve');

/** Each event has both sides as addresses, the far side without `destination.ip`, as the older pipeline left it. */
function eve(moment: Moment, flow: Flow, eventType: string, event: Document): Document {
  return {
    ...envelope(moment, SURICATA, { category: ['network'], kind: 'event', type: ['protocol'], ...event }),
    source: { address: flow.client.ip, ip: flow.client.ip, port: flow.client.port, bytes: flow.clientBytes },
    destination: { address: flow.server.ip, port: flow.server.port, bytes: flow.serverBytes },
    network: { bytes: flow.clientBytes + flow.serverBytes, transport: flow.transport, protocol: flow.application },
    observer: { name: 'ids-01', type: 'ids' },
    related: { ip: [flow.client.ip] },
    suricata: { eve: { event_type: eventType, flow_id: String(moment.random.below(2 ** 31)), in_iface: 'ens192' } },
  };
}

interface Rule {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly severity: number;
}

const CHECKIN: Rule = {
  id: '2024792',
  name: 'ET POLICY Cryptocurrency Miner Checkin',
  category: 'Potential Corporate Privacy Violation',
  severity: 1,
};
const PORT_SCAN: Rule = {
  id: '1000044',
  name: 'LOCAL SCAN Inbound connection to unusual port',
  category: 'Attempted Information Leak',
  severity: 2,
};
const ORDINARY_RULES: readonly Rule[] = [
  { id: '1000001', name: 'LOCAL POLICY Curl user agent outbound', category: 'Not Suspicious Traffic', severity: 3 },
  { id: '1000002', name: 'LOCAL INFO Package manager update', category: 'Not Suspicious Traffic', severity: 3 },
  { id: '1000003', name: 'LOCAL POLICY Self-signed certificate', category: 'Misc activity', severity: 3 },
];

function alert(moment: Moment, flow: Flow, rule: Rule): Document {
  const document = eve(moment, flow, 'alert', {
    category: ['network', 'intrusion_detection'],
    kind: 'alert',
    severity: rule.severity,
    type: [flow.denied ? 'denied' : 'allowed'],
  });
  const action = flow.denied ? 'blocked' : 'allowed';
  const told = { action, category: rule.category, gid: 1, rev: 3, signature: rule.name, signature_id: Number(rule.id) };
  const { eve: common } = document['suricata'] as { eve: Document };
  return {
    ...document,
    message: rule.category,
    rule: { category: rule.category, id: rule.id, name: rule.name },
    suricata: { eve: { ...common, alert: told } },
  };
}

/** An alert that quotes the login of the mining protocol, in the raw event too. */
function stratum(moment: Moment, flow: Flow): Document {
  const document = alert(moment, flow, CHECKIN);
  const payload = `${known.STRATUM_LOGIN}\n`;
  const raw = {
    timestamp: moment.timestamp,
    event_type: 'alert',
    src_ip: flow.client.ip,
    src_port: flow.client.port,
    dest_ip: flow.server.ip,
    dest_port: flow.server.port,
    alert: { signature_id: Number(CHECKIN.id), signature: CHECKIN.name },
    payload_printable: payload,
  };
  const { eve: told } = document['suricata'] as { eve: Document };
  return {
    ...document,
    event: { ...(document['event'] as Document), original: JSON.stringify(raw) },
    suricata: { eve: { ...told, payload_printable: payload } },
  };
}

function tls(moment: Moment, flow: Flow): Document {
  const name = flow.domain ?? 'unknown.example';
  return {
    ...eve(moment, flow, 'tls', {}),
    destination: { address: flow.server.ip, port: flow.server.port, domain: name },
    tls: { client: { server_name: name }, version: '1.3', version_protocol: 'tls' },
  };
}

/** Names the server in `url.domain` and leaves only the path in `url.original`. */
function http(moment: Moment, flow: Flow, path: string): Document {
  const name = flow.domain ?? 'unknown.example';
  return {
    ...eve(moment, flow, 'http', { category: ['network', 'web'], outcome: 'success', type: ['access', 'protocol'] }),
    http: { request: { method: 'GET' }, response: { body: { bytes: 1_200 }, status_code: 200 } },
    related: { hosts: name, ip: flow.client.ip },
    url: { domain: name, original: path, path },
    user_agent: { original: userAgent(moment.random) },
  };
}

const FLOW = { addresses: ['destination.address'], ports: ['destination.port'] };
const SIGNATURE: Expectation[] = [
  { kind: 'signature', field: 'rule.name', indicator: '*Cryptocurrency Min*' },
  { kind: 'signature', field: 'suricata.eve.alert.signature', indicator: '*Cryptocurrency Min*' },
];
const PAYLOAD: Expectation[] = ['event.original', 'suricata.eve.payload_printable'].map((field) => ({
  kind: 'payload',
  field,
  indicator: 'login',
}));
const SNI = { names: ['tls.client.server_name', 'destination.domain'], ...FLOW };

const { POOL, DONATION, QUIET_POOL, TLS_POOL, BROWSER_MINER, BLOCKED_POOL, SPARE_POOL, expectContact } = known;

const mining: Record<Story, Shape[]> = {
  workstation: [
    (m) =>
      draft(SURICATA, stratum(m, miningFlow(m, known.INFECTED, POOL)), [
        ...expectContact(POOL, FLOW),
        ...SIGNATURE,
        ...PAYLOAD,
      ]),
    (m) => draft(SURICATA, tls(m, miningFlow(m, known.INFECTED, DONATION)), expectContact(DONATION, SNI)),
  ],
  server: [
    (m) => draft(SURICATA, tls(m, miningFlow(m, known.BUILD, TLS_POOL)), expectContact(TLS_POOL, SNI)),
    (m) =>
      draft(SURICATA, stratum(m, miningFlow(m, known.BUILD, QUIET_POOL)), [
        ...expectContact(QUIET_POOL, FLOW),
        ...SIGNATURE,
        ...PAYLOAD,
      ]),
  ],
  browser: [
    (m) => {
      const flow = { ...miningFlow(m, PROXY, BROWSER_MINER), application: 'http' };
      const expected: Expectation[] = [
        ...expectContact(BROWSER_MINER, { names: ['url.domain'], ...FLOW }),
        { kind: 'url', field: 'url.original', indicator: known.MINER_SCRIPT },
      ];
      return draft(SURICATA, http(m, flow, '/lib/coinhive.min.js'), expected);
    },
    (m) => draft(SURICATA, tls(m, miningFlow(m, PROXY, BROWSER_MINER)), expectContact(BROWSER_MINER, SNI)),
  ],
  denied: [
    (m) =>
      draft(SURICATA, alert(m, miningFlow(m, known.BLOCKED, BLOCKED_POOL, true), CHECKIN), [
        ...expectContact(BLOCKED_POOL, FLOW),
        ...SIGNATURE,
      ]),
    (m) =>
      draft(SURICATA, alert(m, miningFlow(m, known.BLOCKED, SPARE_POOL, true), CHECKIN), [
        ...expectContact(SPARE_POOL, FLOW),
        ...SIGNATURE,
      ]),
  ],
  scan: [
    (m) =>
      draft(
        SURICATA,
        alert(m, fromOutside(m.random, known.SCANNER, known.SCANNED, 4444, true), PORT_SCAN),
        known.expectPort(4444, 'destination.port'),
      ),
  ],
};

function visit(moment: Moment): Flow {
  const site = moment.random.pick(SITES);
  return toSite(moment.random, PROXY, { ip: site.address, port: site.port }, site.name);
}

const lookAlikes: Shape[] = [
  (m) => {
    const flow = { ...visit(m), domain: 'notminexmr.com' };
    return temptation(SURICATA, tls(m, flow), 'notminexmr.com');
  },
  (m) => {
    const path = m.random.pick(ORDINARY_WORDS);
    return temptation(SURICATA, http(m, { ...visit(m), application: 'http' }, path), path);
  },
  (m) => {
    const flow = toSite(m.random, known.BUILD, { ip: '198.18.40.7', port: 33330 }, undefined);
    return temptation(SURICATA, alert(m, flow, PORT_SCAN), 'port 33330');
  },
];

export const ids: SourceSample = {
  source: 'ids',
  ingested: true,
  benign: [
    (m) => draft(SURICATA, eve(m, ordinaryFlow(m), 'flow', { type: ['connection'] })),
    (m) => draft(SURICATA, tls(m, visit(m))),
    (m) => draft(SURICATA, http(m, { ...visit(m), application: 'http' }, m.random.pick(SITES).path)),
    (m) => draft(SURICATA, alert(m, ordinaryFlow(m), m.random.pick(ORDINARY_RULES))),
  ],
  mining,
  lookAlikes,
};

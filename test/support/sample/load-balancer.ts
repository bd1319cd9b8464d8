import { type Host, LOAD_BALANCER, WEB_SERVERS } from './company.ts';
import { dataset, draft, envelope, temptation } from './envelope.ts';
import { miningFlow } from './flow.ts';
import * as known from './indicators.ts';
import { ORDINARY_WORDS, outsideAddress, outsidePort, SHOP_PATHS, userAgent } from './internet.ts';
import type { Document, Expectation, Moment, Shape, SourceSample, Story } from './types.ts';

const ELB = dataset('aws.elb_logs');
const HAPROXY = dataset('haproxy.log');
const F5 = dataset('f5_bigip.log');

interface Visit {
  readonly ip: string;
  readonly port: number;
  readonly server: Host;
  readonly path: string;
  readonly agent: string;
  readonly status: number;
}

function ordinary({ random }: Moment): Visit {
  return {
    ip: outsideAddress(random),
    port: outsidePort(random),
    server: random.pick(WEB_SERVERS),
    path: random.pick(SHOP_PATHS),
    agent: userAgent(random),
    status: random.pick([200, 200, 200, 301, 304, 404]),
  };
}

/** A request at an Application Load Balancer; ports are text, and the host stands in `url.domain`. */
function elb(moment: Moment, visit: Visit, domain = 'shop.corp.example'): Document {
  const full = `https://${domain}:443${visit.path}`;
  return {
    ...envelope(moment, ELB, {
      category: 'web',
      kind: 'event',
      outcome: visit.status < 400 ? 'success' : 'failure',
      type: ['access'],
    }),
    aws: {
      elb: {
        backend: { ip: visit.server.ip, port: '8443', http: { response: { status_code: visit.status } } },
        name: 'app/shop/50dc6c495c0c9188',
        protocol: 'https',
        trace_id: `Root=1-${moment.random.hex(8)}-${moment.random.hex(24)}`,
      },
    },
    cloud: { provider: 'aws', region: 'eu-central-1' },
    source: { address: visit.ip, ip: visit.ip, port: String(visit.port) },
    destination: { bytes: moment.random.below(50_000), domain, ip: [visit.server.ip], port: '443' },
    http: { request: { method: 'GET' }, response: { status_code: visit.status }, version: '1.1' },
    related: { ip: visit.ip },
    url: { domain, original: full, path: visit.path.split('?', 1)[0], port: 443, scheme: 'https' },
    user_agent: { original: visit.agent },
  };
}

/** A request that HAProxy passed on; the path alone stands in `url.original`. */
function haproxy(moment: Moment, visit: Visit): Document {
  return {
    ...envelope(moment, HAPROXY, { category: ['web', 'network'], kind: 'event', outcome: 'success', type: ['access'] }),
    haproxy: { backend_name: 'shop', frontend_name: 'public', server_name: visit.server.name, mode: 'HTTP' },
    source: { address: visit.ip, ip: visit.ip, port: visit.port },
    destination: { ip: visit.server.ip, port: 8080 },
    host: { name: LOAD_BALANCER.name },
    http: { request: { method: 'GET' }, response: { bytes: 900, status_code: visit.status }, version: '1.1' },
    process: { name: 'haproxy', pid: 2_451 },
    related: { ip: [visit.ip, visit.server.ip] },
    url: { original: visit.path, path: visit.path.split('?', 1)[0] },
    user_agent: { original: visit.agent },
  };
}

interface Connection {
  readonly from: { readonly ip: string; readonly port: number };
  readonly to: { readonly ip: string; readonly port: number };
  readonly denied: boolean;
}

/** A connection that HAProxy relayed without reading it. */
function relay(moment: Moment, { from, to }: Connection, backend: string): Document {
  return {
    ...envelope(moment, HAPROXY, { category: ['network'], kind: 'event', outcome: 'success', type: ['connection'] }),
    haproxy: { backend_name: backend, frontend_name: 'tcp-relay', mode: 'TCP', termination_state: '--' },
    source: { address: from.ip, ...from },
    destination: to,
    host: { name: LOAD_BALANCER.name },
    related: { ip: [from.ip, to.ip] },
  };
}

/** A decision of the firewall module of a BIG-IP, which also carries the servers' way out. */
function f5(moment: Moment, { from, to, denied }: Connection): Document {
  const action = denied ? 'Drop' : 'Accept';
  const rule = denied ? 'default' : 'published';
  return {
    ...envelope(moment, F5, {
      action: action.toLowerCase(),
      category: ['network'],
      kind: 'event',
      type: denied ? ['denied'] : ['allowed', 'connection'],
    }),
    f5: { bigip: { acl: { action, rule_name: rule }, context_type: 'virtual_server' } },
    source: { ...from, nat: { ip: LOAD_BALANCER.ip, port: String(from.port) } },
    destination: to,
    observer: { name: 'bigip-01', product: 'BIG-IP', type: 'load_balancer', vendor: 'F5' },
    related: { ip: [from.ip, to.ip] },
    rule: { name: rule },
  };
}

function out(moment: Moment, host: Host, contact: known.Contact, denied = false): Connection {
  const { client, server } = miningFlow(moment, host, contact, denied);
  return { from: client, to: server, denied };
}

const CONTACT = { addresses: ['destination.ip'], ports: ['destination.port'] };
const MINER_AGENT: Expectation = { kind: 'user-agent', field: 'user_agent.original', indicator: 'XMRig/*' };

function outbound(host: Host, contact: known.Contact, denied = false): Shape {
  const expected = known.expectContact(contact, CONTACT);
  return (m) => draft(F5, f5(m, out(m, host, contact, denied)), expected);
}

const { POOL, QUIET_POOL, TLS_POOL, BROWSER_MINER, BLOCKED_POOL, SPARE_POOL, expectContact } = known;

const mining: Record<Story, Shape[]> = {
  workstation: [
    (m) => draft(HAPROXY, relay(m, out(m, known.INFECTED, POOL), 'pool'), expectContact(POOL, CONTACT)),
    (m) =>
      draft(ELB, elb(m, { ...ordinary(m), path: '/', agent: known.XMRIG_AGENT, port: 7777 }), [
        ...known.expectPort(7777, 'source.port'),
        MINER_AGENT,
      ]),
  ],
  server: [outbound(known.BUILD, QUIET_POOL), outbound(known.BUILD, TLS_POOL)],
  browser: [
    // An open relay: the page's miner asks our balancer for its pool's host.
    (m) =>
      draft(
        ELB,
        elb(m, ordinary(m), BROWSER_MINER.name),
        expectContact(BROWSER_MINER, { names: ['url.domain', 'url.original', 'destination.domain'] }),
      ),
    (m) =>
      draft(
        HAPROXY,
        haproxy(m, { ...ordinary(m), ip: BROWSER_MINER.address, path: '/lib/coinhive.min.js' }),
        // The path alone, without the host, is on no list.
        expectContact(BROWSER_MINER, { addresses: ['source.ip'] }),
      ),
  ],
  denied: [outbound(known.BLOCKED, BLOCKED_POOL, true), outbound(known.BLOCKED, SPARE_POOL, true)],
  scan: [
    (m) => {
      const from = { ip: known.SCANNER, port: outsidePort(m.random) };
      const to = { ip: known.SCANNED.ip, port: 4444 };
      return draft(F5, f5(m, { from, to, denied: true }), known.expectPort(4444, 'destination.port'));
    },
    // No miner at all: an outside client's own port happens to be a listed one.
    (m) => draft(ELB, elb(m, { ...ordinary(m), port: 5555 }), known.expectPort(5555, 'source.port')),
  ],
};

const lookAlikes: Shape[] = [
  (m) => temptation(ELB, elb(m, { ...ordinary(m), port: 33330 }), 'port 33330'),
  (m) => {
    const path = m.random.pick(ORDINARY_WORDS);
    return temptation(HAPROXY, haproxy(m, { ...ordinary(m), path }), path);
  },
  (m) => temptation(ELB, elb(m, { ...ordinary(m), ip: '172.65.0.1' }), 'shared address 172.65.0.1'),
  (m) => temptation(ELB, elb(m, ordinary(m), 'minexmr.com.example.org'), 'minexmr.com.example.org'),
];

export const loadBalancer: SourceSample = {
  source: 'load_balancer',
  ingested: true,
  benign: [
    (m) => draft(ELB, elb(m, ordinary(m))),
    (m) => draft(ELB, elb(m, ordinary(m))),
    (m) => draft(HAPROXY, haproxy(m, ordinary(m))),
    (m) => {
      const from = { ip: outsideAddress(m.random), port: outsidePort(m.random) };
      const to = { ip: m.random.pick(WEB_SERVERS).ip, port: m.random.pick([443, 443, 22]) };
      return draft(F5, f5(m, { from, to, denied: to.port === 22 }));
    },
  ],
  mining,
  lookAlikes,
};

import { type Host, PROXY, WORKSTATIONS } from './company.ts';
import { dataset, draft, envelope, temptation } from './envelope.ts';
import * as known from './indicators.ts';
import { LOOK_ALIKE_NAMES, ORDINARY_WORDS, outsidePort, SITES, userAgent } from './internet.ts';
import type { Document, Expectation, Moment, Shape, SourceSample, Story } from './types.ts';

const SQUID = dataset('squid.log');
const UMBRELLA = dataset('cisco_umbrella.log');

interface Request {
  readonly host: Host;
  readonly name: string;
  /** The far side, where the proxy reached it. */
  readonly address: string | undefined;
  readonly denied: boolean;
}

function squid(moment: Moment, request: Request, method: string): Document {
  const { host, address, denied } = request;
  const result = denied ? 'TCP_DENIED' : method === 'CONNECT' ? 'TCP_TUNNEL' : 'TCP_MISS';
  const status = denied ? 403 : 200;
  return {
    ...envelope(moment, SQUID, {
      action: result,
      category: ['network', 'web'],
      duration: moment.random.below(5_000) * 1e6,
      kind: 'event',
      outcome: denied ? 'failure' : 'success',
      type: denied ? ['access', 'denied'] : ['access'],
    }),
    source: { address: host.ip, ip: host.ip, user: { name: host.user } },
    ...(address !== undefined && !denied && { destination: { address, ip: [address] } }),
    http: { request: { method }, response: { bytes: moment.random.below(200_000), status_code: status } },
    observer: { hostname: PROXY.name, product: 'Squid', type: 'proxy', vendor: 'Squid' },
    related: { ip: address === undefined || denied ? host.ip : [host.ip, address], user: [host.user] },
    squid: { result_code: result, hierarchy_status: denied ? 'HIER_NONE' : 'HIER_DIRECT' },
    user: { name: host.user },
  };
}

/** A tunnel: the only name is `url.original: "host:port"`. */
function connect(moment: Moment, request: Request, port: number): Document {
  return { ...squid(moment, request, 'CONNECT'), url: { original: `${request.name}:${port}` } };
}

function get(moment: Moment, request: Request, path: string, agent = userAgent(moment.random)): Document {
  const full = `http://${request.name}${path}`;
  return {
    ...squid(moment, request, 'GET'),
    url: { domain: request.name, full, original: full, path: path.split('?', 1)[0], scheme: 'http' },
    user_agent: { original: agent },
  };
}

/** A request as Umbrella logs it: ports are text, the name ends in a dot. */
function umbrella(moment: Moment, { host, name, address, denied }: Request, port = '443'): Document {
  return {
    ...envelope(moment, UMBRELLA, {
      action: denied ? 'dns-request-Blocked' : 'dns-request-Allowed',
      category: 'network',
      kind: 'event',
      type: denied ? ['denied', 'connection'] : ['allowed', 'connection'],
    }),
    cisco: { umbrella: { identities: [host.name], policy_identity_type: 'Networks', categories: ['Uncategorized'] } },
    source: { address: host.ip, ip: host.ip, port: String(outsidePort(moment.random)), nat: { ip: '203.0.113.5' } },
    destination: { domain: `${name}.`, port, ...(address !== undefined && { address, ip: address }) },
    observer: { product: 'Umbrella', type: 'dns', vendor: 'Cisco' },
    related: { hosts: [host.name, `${name}.`], ip: host.ip },
  };
}

function ordinary({ random }: Moment): Request {
  const { name, address } = random.pick(SITES);
  return { host: random.pick(WORKSTATIONS), name, address, denied: random.chance(0.03) };
}

function mined(host: Host, { name, address }: known.Contact, denied = false): Request {
  return { host, name, address, denied };
}

const { POOL, DONATION, QUIET_POOL, TLS_POOL, BROWSER_MINER, BLOCKED_POOL, SPARE_POOL, expectContact } = known;
const TUNNEL = { names: ['url.original'], addresses: ['destination.ip'] };
const URL = { names: ['url.domain', 'url.full', 'url.original'], addresses: ['destination.ip'] };
const UMBRELLA_FIELDS = { names: ['destination.domain'], addresses: ['destination.ip'], ports: ['destination.port'] };
const MINER_AGENT: Expectation = { kind: 'user-agent', field: 'user_agent.original', indicator: 'XMRig/*' };
const MINER_SCRIPT: Expectation = { kind: 'url', field: 'url.original', indicator: known.MINER_SCRIPT };

const mining: Record<Story, Shape[]> = {
  workstation: [
    (m) =>
      draft(
        SQUID,
        connect(m, mined(known.INFECTED, DONATION), 443),
        expectContact(DONATION, { names: ['url.original'] }),
      ),
    (m) =>
      draft(SQUID, get(m, mined(known.INFECTED, POOL), '/api/pool/stats', known.XMRIG_AGENT), [
        ...expectContact(POOL, { names: URL.names }),
        MINER_AGENT,
      ]),
    (m) =>
      draft(
        UMBRELLA,
        umbrella(m, mined(known.INFECTED, POOL), String(POOL.port)),
        expectContact(POOL, UMBRELLA_FIELDS),
      ),
  ],
  server: [
    (m) =>
      draft(
        SQUID,
        connect(m, mined(known.BUILD, TLS_POOL), TLS_POOL.port),
        expectContact(TLS_POOL, { ...TUNNEL, ports: ['url.original'] }),
      ),
    (m) =>
      draft(
        UMBRELLA,
        umbrella(m, mined(known.BUILD, QUIET_POOL), String(QUIET_POOL.port)),
        expectContact(QUIET_POOL, UMBRELLA_FIELDS),
      ),
  ],
  browser: [
    (m) => draft(SQUID, connect(m, mined(known.BROWSING, BROWSER_MINER), 443), expectContact(BROWSER_MINER, TUNNEL)),
    (m) =>
      draft(SQUID, get(m, mined(known.BROWSING, BROWSER_MINER), '/lib/coinhive.min.js'), [
        ...expectContact(BROWSER_MINER, URL),
        MINER_SCRIPT,
      ]),
    (m) =>
      draft(UMBRELLA, umbrella(m, mined(known.BROWSING, BROWSER_MINER)), expectContact(BROWSER_MINER, UMBRELLA_FIELDS)),
  ],
  denied: [
    (m) =>
      draft(
        SQUID,
        connect(m, mined(known.BLOCKED, BLOCKED_POOL, true), 443),
        expectContact(BLOCKED_POOL, { names: ['url.original'] }),
      ),
    (m) =>
      draft(
        UMBRELLA,
        umbrella(m, { ...mined(known.BLOCKED, SPARE_POOL, true), address: undefined }),
        expectContact(SPARE_POOL, { names: ['destination.domain'] }),
      ),
  ],
  scan: [
    (m) =>
      draft(
        SQUID,
        connect(m, mined(known.SCANNED, DONATION, true), 443),
        expectContact(DONATION, { names: ['url.original'] }),
      ),
  ],
};

const lookAlikes: Shape[] = [
  (m) => {
    const path = m.random.pick(ORDINARY_WORDS);
    return temptation(SQUID, get(m, ordinary(m), path), path);
  },
  ...LOOK_ALIKE_NAMES.map(
    ([name], i): Shape =>
      (m) => {
        const request = { ...ordinary(m), name };
        return i % 2 === 0
          ? temptation(SQUID, connect(m, request, 443), name)
          : temptation(UMBRELLA, umbrella(m, request), name);
      },
  ),
  (m) =>
    temptation(SQUID, get(m, ordinary(m), '/redirect?to=https://www.minexmr.com.example.org/'), 'a name in a query'),
];

export const proxy: SourceSample = {
  source: 'proxy',
  ingested: true,
  benign: [
    (m) => draft(SQUID, connect(m, ordinary(m), 443)),
    (m) => draft(SQUID, get(m, ordinary(m), m.random.pick(SITES).path)),
    (m) => draft(UMBRELLA, umbrella(m, ordinary(m))),
  ],
  mining,
  lookAlikes,
};

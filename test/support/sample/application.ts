import { APP_SERVERS, type Host, RESOLVER, WEB_SERVERS, WORKSTATIONS } from './company.ts';
import { dataset, draft, envelope, temptation } from './envelope.ts';
import * as known from './indicators.ts';
import {
  clientPort,
  LOOK_ALIKE_NAMES,
  ORDINARY_WORDS,
  outsideAddress,
  SHOP_PATHS,
  SITES,
  userAgent,
} from './internet.ts';
import type { Document, Expectation, Moment, Shape, SourceSample, Story } from './types.ts';

const NGINX = dataset('nginx.access');
const ORDERS = dataset('app.orders');

/** A line of an access log. `body`: only where the server logs request bodies. */
function nginx(moment: Moment, ip: string, path: string, agent: string, body?: string): Document {
  const server = moment.random.pick(WEB_SERVERS);
  return {
    ...envelope(moment, NGINX, { category: ['web'], kind: 'event', outcome: 'success', type: ['access'] }),
    host: { name: server.name, ip: [server.ip] },
    http: {
      request: { method: body === undefined ? 'GET' : 'POST', ...(body !== undefined && { body: { content: body } }) },
      response: { body: { bytes: moment.random.below(40_000) }, status_code: body === undefined ? 200 : 405 },
      version: '1.1',
    },
    nginx: { access: { remote_ip_list: [ip] } },
    related: { ip: [ip] },
    source: { address: ip, ip },
    url: { original: path, path: path.split('?', 1)[0] },
    user_agent: { original: agent },
  };
}

/** A log line of our own service, as ECS loggers write it: dotted keys, beside the nested ones of the shipper. */
function service(moment: Moment, host: Host, message: string, fields: Document): Document {
  return {
    '@timestamp': moment.timestamp,
    'log.level': 'INFO',
    message,
    'ecs.version': '1.2.0',
    'service.name': 'orders',
    'service.version': '5.12.1',
    'event.dataset': ORDERS.name,
    'event.module': ORDERS.module,
    'event.kind': 'event',
    'event.category': 'web',
    'log.logger': 'com.example.orders.HttpClient',
    'process.thread.name': `worker-${moment.random.below(16)}`,
    'trace.id': moment.random.hex(32),
    data_stream: { type: 'logs', dataset: ORDERS.name, namespace: 'default' },
    host: { name: host.name, ip: host.ip },
    ...fields,
  };
}

/** A request that our service, or a library in it, sent somewhere. */
function call(moment: Moment, host: Host, address: string, name: string, port: number, path: string): Document {
  return service(moment, host, `outgoing request took ${moment.random.below(900)} ms`, {
    'client.ip': host.ip,
    'client.port': clientPort(moment.random),
    'destination.address': name,
    'destination.ip': address,
    'destination.port': port,
    'event.outcome': 'success',
    'http.request.method': 'GET',
    'related.hosts': name,
    'related.ip': [host.ip, address],
    'url.full': `https://${name}:${port}${path}`,
    'url.path': path,
  });
}

/** What a browser reports when the page's policy refused a script. */
function policyReport(moment: Moment, reader: Host, blocked: string): Document {
  return service(moment, moment.random.pick(APP_SERVERS), 'content security policy report', {
    'event.action': 'csp-blocked',
    'event.type': 'denied',
    'source.ip': reader.ip,
    'url.full': blocked,
    'user.name': reader.user,
    'user_agent.original': userAgent(moment.random),
  });
}

const { POOL, QUIET_POOL, RENTED_POOL, BROWSER_MINER, BLOCKED_POOL, SPARE_POOL, expectContact } = known;
const CALL = { names: ['destination.address', 'url.full'], addresses: ['destination.ip'], ports: ['destination.port'] };
const MINER_AGENT: Expectation = { kind: 'user-agent', field: 'user_agent.original', indicator: 'XMRig/*' };

function calling(host: Host, contact: known.Contact): Shape {
  const { name, address, port } = contact;
  const expected = expectContact(contact, CALL);
  return (m) => draft(ORDERS, call(m, host, address, name, port, '/'), expected);
}

/** The egress rule refused it. The document is denied, and the target is text of a URL only. */
function refused(contact: known.Contact): Shape {
  const expected = expectContact(contact, { names: ['url.full'] });
  return (m) =>
    draft(
      ORDERS,
      service(m, known.BLOCKED, 'egress refused by policy', {
        'event.action': 'deny',
        'event.type': ['denied'],
        'source.ip': known.BLOCKED.ip,
        'url.full': `https://${contact.name}/`,
      }),
      expected,
    );
}

const mining: Record<Story, Shape[]> = {
  workstation: [
    calling(known.INFECTED, POOL),
    (m) => {
      const document = nginx(m, known.INFECTED.ip, '/mirror/config.json', known.XMRIG_AGENT);
      const http = { ...(document['http'] as Document), response: { status_code: 302 } };
      const referrer = { request: { method: 'GET', referrer: `http://${POOL.name}/` } };
      return draft(NGINX, { ...document, http: { ...http, ...referrer }, destination: { domain: POOL.name } }, [
        ...expectContact(POOL, { names: ['destination.domain'] }),
        MINER_AGENT,
      ]);
    },
  ],
  server: [calling(known.BUILD, QUIET_POOL), calling(known.BUILD, RENTED_POOL)],
  browser: [
    (m) =>
      draft(ORDERS, policyReport(m, known.BROWSING, `https://${BROWSER_MINER.name}/lib/coinhive.min.js`), [
        ...expectContact(BROWSER_MINER, { names: ['url.full'] }),
        { kind: 'url', field: 'url.full', indicator: known.MINER_SCRIPT },
      ]),
  ],
  denied: [refused(BLOCKED_POOL), refused(SPARE_POOL)],
  scan: [
    // A miner's login, sent to a web server of ours that listens on a listed port.
    (m) => {
      const document = nginx(m, known.SCANNER, '/', '-', known.STRATUM_LOGIN);
      const { name, ip } = known.SCANNED;
      return draft(NGINX, { ...document, host: { name, ip: [ip] }, server: { ip, port: 8888 } }, [
        ...known.expectPort(8888, 'server.port'),
        { kind: 'payload', field: 'http.request.body.content', indicator: 'login' },
      ]);
    },
    (m) =>
      draft(
        ORDERS,
        service(m, known.SCANNED, 'connection closed before request', {
          'event.category': ['network', 'web'],
          'server.ip': known.SCANNED.ip,
          'server.port': '4444',
          'source.ip': known.SCANNER,
        }),
        known.expectPort(4444, 'server.port'),
      ),
  ],
};

const lookAlikes: Shape[] = [
  (m) => {
    const path = m.random.pick(ORDINARY_WORDS);
    return temptation(NGINX, nginx(m, outsideAddress(m.random), path, userAgent(m.random)), path);
  },
  (m) => {
    const [name] = m.random.pick(LOOK_ALIKE_NAMES);
    return temptation(ORDERS, call(m, m.random.pick(APP_SERVERS), '198.18.40.9', name, 443, '/'), name);
  },
  (m) =>
    temptation(ORDERS, call(m, m.random.pick(APP_SERVERS), '198.18.40.9', 'api.example.org', 33330, '/'), 'port 33330'),
  (m) => {
    const message = 'wallet payment accepted, worker pool of 3333 threads, data mining job submitted';
    return temptation(ORDERS, service(m, m.random.pick(APP_SERVERS), message, { 'user.name': 'svc-app' }), message);
  },
];

export const application: SourceSample = {
  source: 'application',
  ingested: false,
  benign: [
    (m) => draft(NGINX, nginx(m, outsideAddress(m.random), m.random.pick(SHOP_PATHS), userAgent(m.random))),
    (m) => draft(NGINX, nginx(m, m.random.pick(WORKSTATIONS).ip, '/intranet/', userAgent(m.random))),
    (m) => {
      const { address, name, port, path } = m.random.pick(SITES);
      return draft(ORDERS, call(m, m.random.pick(APP_SERVERS), address, name, port, path));
    },
    (m) => draft(ORDERS, service(m, m.random.pick(APP_SERVERS), 'order accepted', { 'server.address': RESOLVER.fqdn })),
  ],
  mining,
  lookAlikes,
};

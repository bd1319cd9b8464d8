import { type Host, NAT_ADDRESS, RESOLVER, SERVERS, WEB_SERVERS, WORKSTATIONS } from './company.ts';
import type { Contact } from './indicators.ts';
import { clientPort, outsideAddress, outsidePort, SITES } from './internet.ts';
import type { Random } from './prng.ts';
import type { Moment } from './types.ts';

export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

/** A connection, before a firewall, an exporter or an IDS tells of it in its own words. */
export interface Flow {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly direction: 'outbound' | 'inbound' | 'internal';
  readonly denied: boolean;
  readonly transport: 'tcp' | 'udp';
  readonly application: string;
  /** The server's name where the device knows it. */
  readonly domain: string | undefined;
  readonly user: string | undefined;
  /** Address and port of the client after outgoing translation; undefined where there is none. */
  readonly nat: Endpoint | undefined;
  readonly clientBytes: number;
  readonly serverBytes: number;
  readonly seconds: number;
}

function volume(random: Random, denied: boolean) {
  if (denied) return { clientBytes: 52 + random.below(80), serverBytes: 0, seconds: 0 };
  return {
    clientBytes: 300 + random.below(20_000),
    serverBytes: 500 + random.below(400_000),
    seconds: 1 + random.below(300),
  };
}

/** An ordinary day: people and servers use the Internet, customers our web servers, people the servers. */
export function ordinaryFlow({ random }: Moment): Flow {
  const kind = random.next();
  if (kind < 0.55) return outgoing(random);
  if (kind < 0.75) return incoming(random);
  return within(random);
}

function outgoing(random: Random): Flow {
  const host = random.pick(random.chance(0.8) ? WORKSTATIONS : SERVERS);
  const site = random.pick(SITES);
  return toSite(random, host, { ip: site.address, port: site.port }, site.name);
}

/** A connection of one of our hosts to any outside server. */
export function toSite(random: Random, host: Host, server: Endpoint, domain: string | undefined): Flow {
  const denied = random.chance(0.05);
  return {
    client: { ip: host.ip, port: clientPort(random) },
    server,
    direction: 'outbound',
    denied,
    transport: 'tcp',
    application: server.port === 443 ? 'ssl' : 'web-browsing',
    domain,
    user: host.user,
    nat: { ip: NAT_ADDRESS, port: outsidePort(random) },
    ...volume(random, denied),
  };
}

const SCANNED_PORTS = [22, 23, 445, 3389, 5900, 8081];

function incoming(random: Random): Flow {
  const denied = random.chance(0.4);
  const port = denied ? random.pick(SCANNED_PORTS) : 443;
  return fromOutside(random, outsideAddress(random), random.pick(WEB_SERVERS), port, denied);
}

export function fromOutside(random: Random, ip: string, host: Host, port: number, denied: boolean): Flow {
  return {
    client: { ip, port: outsidePort(random) },
    server: { ip: host.ip, port },
    direction: 'inbound',
    denied,
    transport: 'tcp',
    application: port === 443 ? 'ssl' : 'unknown-tcp',
    domain: undefined,
    user: undefined,
    nat: undefined,
    ...volume(random, denied),
  };
}

const SERVICES = [
  ['smb', 445],
  ['ldap', 389],
  ['kerberos', 88],
  ['web-browsing', 8080],
  ['ms-sql', 1433],
] as const;

function within(random: Random): Flow {
  const host = random.pick(WORKSTATIONS);
  const asks = random.chance(0.4);
  const [application, port] = asks ? (['dns', 53] as const) : random.pick(SERVICES);
  return {
    client: { ip: host.ip, port: clientPort(random) },
    server: { ip: (asks ? RESOLVER : random.pick(SERVERS)).ip, port },
    direction: 'internal',
    denied: false,
    transport: asks ? 'udp' : 'tcp',
    application,
    domain: undefined,
    user: host.user,
    nat: undefined,
    ...volume(random, false),
  };
}

/** A miner's connection: small, long, steady; or one refused packet. */
export function miningFlow({ random }: Moment, host: Host, contact: Contact, denied = false): Flow {
  return {
    client: { ip: host.ip, port: clientPort(random) },
    server: { ip: contact.address, port: contact.port },
    direction: 'outbound',
    denied,
    transport: 'tcp',
    application: contact.port === 443 ? 'ssl' : 'unknown-tcp',
    domain: contact.name,
    user: host.user,
    nat: { ip: NAT_ADDRESS, port: outsidePort(random) },
    clientBytes: denied ? 60 : 9_000 + random.below(4_000),
    serverBytes: denied ? 0 : 14_000 + random.below(6_000),
    seconds: denied ? 0 : 1_800 + random.below(1_800),
  };
}

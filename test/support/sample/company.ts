/** A machine of the sample company. All addresses are private; names are lower case, as events of Windows have them. */
export interface Host {
  readonly name: string;
  readonly fqdn: string;
  readonly ip: string;
  /** Who works on it, or the account its services run as. */
  readonly user: string;
}

export const COMPANY_DOMAIN = 'corp.example';

/** What the Internet sees: outgoing connections, and the published servers behind the load balancer. */
export const NAT_ADDRESS = '203.0.113.5';
export const PUBLIC_ADDRESS = '203.0.113.20';

const INITIALS = 'abcdefghjkmp';
const SURNAMES = ['keller', 'moreau', 'okafor', 'lind', 'tanaka', 'silva', 'novak', 'haddad', 'byrne', 'ortega'];

function host(name: string, ip: string, user: string): Host {
  return { name, fqdn: `${name}.${COMPANY_DOMAIN}`, ip, user };
}

/** `ws-001` to `ws-120` in 10.20.0.0/24. */
export const WORKSTATIONS: readonly Host[] = Array.from({ length: 120 }, (_, i) =>
  host(
    `ws-${String(i + 1).padStart(3, '0')}`,
    `10.20.0.${i + 11}`,
    `${INITIALS[Math.floor(i / 10)]}.${SURNAMES[i % 10]}`,
  ),
);

export const RESOLVER = host('srv-dns01', '10.10.0.53', 'svc-dns');
export const PROXY = host('srv-proxy01', '10.10.0.80', 'squid');
export const LOAD_BALANCER = host('srv-lb01', '10.10.0.20', 'haproxy');
export const GATEWAY = host('fw-01', '10.10.0.1', 'admin');
export const DOMAIN_CONTROLLER = host('srv-dc01', '10.10.0.10', 'system');
export const JUMP_HOST = host('srv-jump01', '10.10.0.90', 'admin');
export const BUILD_SERVER = host('srv-build01', '10.10.0.61', 'svc-build');
export const WEB_SERVERS: readonly Host[] = [1, 2, 3, 4].map((n) => host(`srv-web0${n}`, `10.10.0.3${n}`, 'www-data'));
export const APP_SERVERS: readonly Host[] = [1, 2, 3, 4].map((n) => host(`srv-app0${n}`, `10.10.0.4${n}`, 'svc-app'));
export const WINDOWS_SERVERS: readonly Host[] = [
  DOMAIN_CONTROLLER,
  host('srv-dc02', '10.10.0.11', 'system'),
  host('srv-file01', '10.10.0.71', 'svc-file'),
  host('srv-mail01', '10.10.0.25', 'svc-mail'),
  host('srv-sql01', '10.10.0.51', 'svc-sql'),
  JUMP_HOST,
  BUILD_SERVER,
];
const LINUX_SERVERS: readonly Host[] = [
  host('srv-db01', '10.10.0.52', 'postgres'),
  host('srv-backup01', '10.10.0.72', 'svc-backup'),
];
export const SERVERS: readonly Host[] = [
  RESOLVER,
  PROXY,
  LOAD_BALANCER,
  ...WEB_SERVERS,
  ...APP_SERVERS,
  ...WINDOWS_SERVERS,
  ...LINUX_SERVERS,
];

/** Machines with Sysmon and a Security log. */
export const WINDOWS_HOSTS: readonly Host[] = [...WORKSTATIONS, ...WINDOWS_SERVERS];

/** By its number in its name: `workstation(42)` is `ws-042`. */
export function workstation(number: number): Host {
  return WORKSTATIONS[number - 1] as Host;
}

import { BUILD_SERVER, type Host, WEB_SERVERS, workstation } from './company.ts';
import type { Expectation } from './types.ts';

/** The ports that the sample uses and a shipped lookup lists: the article's seven, and two further ones. */
export const MINING_PORTS = [3333, 4444, 5555, 6666, 7777, 8888, 9999, 14433, 45700] as const;

/** A place that miners talk to, and what the shipped lookups list of it. */
export interface Contact {
  readonly name: string;
  /** The listed suffix of `name`; undefined where only its address or port is listed. */
  readonly domain: string | undefined;
  readonly address: string;
  readonly port: number;
  /** What of the address is listed: the bare address, only together with the port, or nothing. */
  readonly listed: 'address' | 'socket' | 'nothing';
}

/** Addresses and sockets are Maltrail's (MIT); where none is listed they are of RFC 5737. Which name has which is made up. */
export const POOL: Contact = {
  name: 'sin.minexmr.com',
  domain: 'minexmr.com',
  address: '176.31.105.53',
  port: 3333,
  listed: 'socket',
};
export const DONATION: Contact = {
  name: 'donate.v2.xmrig.com',
  domain: 'donate.v2.xmrig.com',
  address: '198.51.100.201',
  port: 5555,
  listed: 'nothing',
};
export const QUIET_POOL: Contact = {
  name: 'finland.hashvault.pro',
  domain: 'hashvault.pro',
  address: '94.130.143.162',
  port: 45700,
  listed: 'socket',
};
export const TLS_POOL: Contact = {
  name: 'xmr-eu3.nanopool.org',
  domain: 'nanopool.org',
  address: '163.172.226.194',
  port: 14433,
  listed: 'address',
};
export const BROWSER_MINER: Contact = {
  name: 'ws3.coinhive.com',
  domain: 'coinhive.com',
  address: '163.172.226.218',
  port: 443,
  listed: 'address',
};
export const BLOCKED_POOL: Contact = {
  name: 'us.moneroocean.stream',
  domain: 'moneroocean.stream',
  address: '37.59.43.136',
  port: 4444,
  listed: 'socket',
};
export const SPARE_POOL: Contact = {
  name: 'pool-hk.supportxmr.com',
  domain: 'supportxmr.com',
  address: '45.32.233.191',
  port: 7777,
  listed: 'socket',
};
export const RENTED_POOL: Contact = {
  name: 'us-xmr.2miners.com',
  domain: '2miners.com',
  address: '198.51.100.202',
  port: 2222,
  listed: 'nothing',
};
/** A pool without a name on any list: its port alone tells. */
export const NAMELESS_POOL: Contact = {
  name: 'node7.example.net',
  domain: undefined,
  address: '198.51.100.203',
  port: 9999,
  listed: 'nothing',
};
export const CONTACTS: readonly Contact[] = [
  POOL,
  DONATION,
  QUIET_POOL,
  TLS_POOL,
  BROWSER_MINER,
  BLOCKED_POOL,
  SPARE_POOL,
  RENTED_POOL,
  NAMELESS_POOL,
];

/** Who is who in the stories. */
export const INFECTED = workstation(42);
export const BUILD = BUILD_SERVER;
export const BROWSING = workstation(77);
export const BLOCKED = workstation(13);
export const SCANNED = WEB_SERVERS[1] as Host;
export const SCANNER = '198.51.100.77';

/** As the lookup of URLs has it: host and path. */
export const MINER_SCRIPT = 'coinhive.com/lib/coinhive.min.js';
export const XMRIG_AGENT = 'XMRig/6.21.0';
export const XMRIG_IMAGE = 'C:\\Users\\Public\\Libraries\\xmrig.exe';
export const WALLET = '4SampleWalletOfNobody1111111111111111111111111111111111111111111111111111111111111111111111';
export const STRATUM_LOGIN = `{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"${WALLET}","pass":"x","agent":"XMRig/6.21.0 (Windows NT 10.0; Win64; x64)","algo":["rx/0"]}}`;

/** What an XMRig is started with. Holds three of the listed texts. */
export function minerArguments({ name, port }: Contact): string {
  return `-o stratum+tcp://${name}:${port} -u ${WALLET} -p x --donate-level=1 --cpu-priority=3 -k`;
}

export function expectMinerCommand(field: string): Expectation[] {
  return ['stratum+tcp://', '--donate-level', ' --cpu-priority='].map((indicator) => ({
    kind: 'command-line',
    field,
    indicator,
  }));
}

/** The fields of a document that name the contact, its address and its port. */
export interface ContactFields {
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  readonly ports?: readonly string[];
}

/** What the lookups say of a contact that stands in these fields. A socket needs an address and a port. */
export function expectContact(contact: Contact, fields: ContactFields): Expectation[] {
  const { domain, address, port, listed } = contact;
  const { names = [], addresses = [], ports = [] } = fields;
  const expected: Expectation[] = [];
  if (domain !== undefined) for (const field of names) expected.push({ kind: 'domain', field, indicator: domain });
  for (const field of addresses) {
    if (listed === 'address') expected.push({ kind: 'address', field, indicator: address });
    if (listed === 'socket' && ports.length > 0)
      expected.push({ kind: 'socket', field, indicator: `${address}:${port}` });
  }
  for (const field of ports) expected.push(...expectPort(port, field));
  return expected;
}

/** Empty where no lookup lists the port. */
export function expectPort(port: number, field: string): Expectation[] {
  return MINING_PORTS.some((listed) => listed === port) ? [{ kind: 'port', field, indicator: String(port) }] : [];
}

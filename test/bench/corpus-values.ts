/** The names and addresses of the corpus: listed ones and others, which never meet. */
import type { Random } from '../support/sample/prng.ts';
import { lookupText, type RowsByKind } from '../support/tables.ts';
import { createZipf } from './zipf.ts';

const PORTS = [3333, 4444, 5555, 6666, 7777, 8888, 9999] as const;
const POOLS = 5000;
const LISTED_ADDRESSES = 2000;
const NETWORKS = 200;
const DOMAINS = 100_000;
const ADDRESSES = 200_000;
const CLIENTS = 20_000;

const SYLLABLES = ['ba', 'co', 'di', 'fu', 'ga', 'he', 'ki', 'lo', 'mi', 'no', 'pa', 're', 'si', 'to', 'va', 'zu'];
const SUFFIXES = ['com', 'net', 'org', 'de', 'io', 'co.uk', 'com.br', 'fr'];
const HOSTS = [
  'www',
  '',
  'api',
  'cdn',
  'static',
  'mail',
  'img',
  'login',
  'app',
  'm',
  'edge-7',
  'a.ads',
  'eu-west.s3',
  'x',
];

function word(number: number): string {
  let text = '';
  for (let rest = number + 16; rest > 0; rest >>= 4) text += SYLLABLES[rest & 15];
  return text;
}

function v4(first: number, number: number): string {
  return `${first}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

const pool = (i: number): string => `${word(i)}-pool.${SUFFIXES[i % SUFFIXES.length]}`;
const listedAddress = (i: number): string => v4(45, i * 37 + 1);
const networkAddress = (i: number, host: number): string => v4(91, i * 512 + host);

/** Lookups of 7 ports, 5,000 domains of pools, 2,000 addresses and 200 networks. */
export const CORPUS_ROWS: RowsByKind = {
  port: PORTS,
  domain: Array.from({ length: POOLS }, (_, i) => ({ value: pool(i), confidence: 'high', category: 'pool' })),
  address: [
    ...Array.from({ length: LISTED_ADDRESSES }, (_, i) => listedAddress(i)),
    ...Array.from({ length: NETWORKS }, (_, i) => `${networkAddress(i, 0)}/24`),
  ],
};

/** The same as files of a lookup folder: name -> text. */
export function corpusLookups(): Record<string, string> {
  const kinds = ['port', 'domain', 'address'] as const;
  return Object.fromEntries(kinds.map((kind) => [`${kind}.json`, lookupText(kind, CORPUS_ROWS[kind] ?? [])]));
}

/** What a corpus draws from; `mining` values are listed, the others are not. */
export interface Values {
  client(): string;
  /** One of the few clients that mine. */
  miner(): string;
  address(): string;
  name(): { readonly name: string; readonly registered: string };
  port(): number;
  readonly mining: {
    address(): string;
    networkAddress(): string;
    name(): { readonly name: string; readonly registered: string };
    port(): number;
    /** Where a listed name leads; nothing else does. */
    answer(): string;
  };
}

/** Addresses come Zipf-distributed out of 200,000, names out of 100,000 registered domains. */
export function createValues(random: Random): Values {
  const addresses = createZipf(ADDRESSES);
  const domains = createZipf(DOMAINS);
  const hosts = createZipf(HOSTS.length);
  const under = (registered: string) => {
    const host = HOSTS[hosts(random)] ?? '';
    return { name: host === '' ? registered : `${host}.${registered}`, registered };
  };
  return {
    client: () => v4(10, random.below(CLIENTS)),
    miner: () => v4(10, 0xc8_00_00 + random.below(40)),
    address: () => v4(93, addresses(random) * 7),
    name() {
      const rank = domains(random);
      return under(`${word(rank)}.${SUFFIXES[rank % SUFFIXES.length]}`);
    },
    port: () => random.pick([443, 443, 443, 443, 80, 80, 53, 22, 25, 123, 8080]),
    mining: {
      address: () => listedAddress(random.below(LISTED_ADDRESSES)),
      networkAddress: () => networkAddress(random.below(NETWORKS), 1 + random.below(254)),
      name: () => under(pool(random.below(POOLS))),
      port: () => random.pick(PORTS),
      answer: () => v4(94, random.below(1000)),
    },
  };
}

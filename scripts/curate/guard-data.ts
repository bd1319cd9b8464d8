import { parse as parseHost } from 'tldts';
import { type Network, networkBits, parseNetwork } from '../../src/lookups/address.ts';
import { parseName } from '../../src/lookups/name.ts';
import { SHARED_SUFFIXES } from './tables.ts';

/** The list.json of a warning list, by its folder. */
type ReadList = (list: string) => string;

interface WarningList {
  readonly version: number;
  readonly list: readonly string[];
}

const ORIGIN = 'https://github.com/MISP/misp-warninglists';
const LICENCE = 'CC0-1.0';

const TOP_SITES = ['tranco10k', 'alexa', 'moz-top500', 'captive-portals'];
/** Under these, strangers hold names. Of dynamic DNS, only what one of the million most visited sites stands under. */
const SHARED = ['public-ipfs-gateways', 'link-in-bio', 'lots-project'];
const CDN = ['akamai', 'cloudflare', 'fastly', 'stackpath', 'zscaler', 'microsoft-office365-ip', 'apple'];
const CLOUD = ['amazon-aws', 'google-gcp', 'microsoft-azure'];

/** Pools and markets of computing power that are among the top sites: rows may name them. */
const MINING: ReadonlySet<string> = new Set(['2miners.com', 'f2pool.com', 'nicehash.com']);

/** The data files by name, with their text: one value a line. */
export function guardFiles(read: ReadList): [file: string, text: string][] {
  const list = (name: string): WarningList => JSON.parse(read(name)) as WarningList;
  const versions = (names: readonly string[]): string[] =>
    names.map((name) => `    ${JSON.stringify(name)}: ${list(name).version}`);
  const values = (names: readonly string[]): string[] => names.flatMap((name) => list(name).list);
  const popular = new Set(list('tranco').list);
  const dynamic = list('dynamic-dns').list.filter((name) => popular.has(name.replace(/^\./, '')));
  return [
    ['top-sites.json', format(versions(TOP_SITES), topSites(values(TOP_SITES)))],
    [
      'shared-suffixes.json',
      format(versions([...SHARED, 'dynamic-dns', 'tranco']), shared([...values(SHARED), ...dynamic])),
    ],
    ['cdn-ranges.json', format(versions(CDN), aggregate(values(CDN)))],
    ['cloud-ranges.json', format(versions(CLOUD), aggregate(values(CLOUD)))],
  ];
}

function format(versions: readonly string[], values: readonly string[]): string {
  const lines = values.map((value) => `    ${JSON.stringify(value)}`);
  return `{
  "origin": ${JSON.stringify(ORIGIN)},
  "licence": ${JSON.stringify(LICENCE)},
  "lists": {
${versions.join(',\n')}
  },
  "values": [
${lines.join(',\n')}
  ]
}
`;
}

function distinct(names: readonly (string | null | undefined)[]): string[] {
  return [...new Set(names.filter((name) => typeof name === 'string'))].sort();
}

/** Registered domains, which a row may not be; suffixes under which strangers register are a guard of their own. */
function topSites(names: readonly string[]): string[] {
  return distinct(names.map((name) => parseHost(name).domain)).filter((name) => !MINING.has(name));
}

/** Names that the Public Suffix List doesn't have already. */
function shared(names: readonly string[]): string[] {
  const all = [...names, ...SHARED_SUFFIXES].map((name) => parseName(name.replace(/^\./, '')));
  return distinct(all).filter((name) => name.includes('.') && isNoSuffix(name));
}

function isNoSuffix(name: string): boolean {
  return parseHost(name, { allowPrivateDomains: true }).domain !== null;
}

/** Networks in normal form, sorted; those within others and, of two halves, both replaced by the whole. */
function aggregate(cidrs: readonly string[]): string[] {
  const networks = new Map(cidrs.flatMap((text) => parseNetwork(text) ?? []).map((each) => [each.text, each]));
  const kept = new Map<string, Network>();
  const widest = [...networks.values()].sort((a, b) => a.prefix - b.prefix);
  for (const network of widest) if (!isWithin(network, kept)) kept.set(keyOf(network), network);
  for (const network of [...kept.values()].sort((a, b) => b.prefix - a.prefix)) joinHalves(network, kept);
  return [...kept.values()].sort(byBits).map(({ text }) => text);
}

function keyOf({ version, bits, prefix }: Network, at = prefix): string {
  return `${version} ${networkBits(version, bits, at)}/${at}`;
}

function isWithin(network: Network, kept: ReadonlyMap<string, Network>): boolean {
  return Array.from({ length: network.prefix + 1 }, (_, prefix) => keyOf(network, prefix)).some((key) => kept.has(key));
}

/** Joins a network with its other half, and the whole with its own, as long as there is one. */
function joinHalves(network: Network, kept: Map<string, Network>): void {
  let half = network;
  while (half.prefix > 1 && kept.has(keyOf(half))) {
    const { version, prefix } = half;
    const step = version === 4 ? 2 ** (32 - prefix) : 1n << BigInt(128 - prefix);
    const other = BigInt(half.bits) ^ BigInt(step);
    const twin: Network = { ...half, bits: version === 4 ? Number(other) : other };
    if (!kept.has(keyOf(twin))) return;
    const whole = parseNetwork(`${half.text.slice(0, half.text.indexOf('/'))}/${prefix - 1}`);
    if (whole === undefined) return;
    kept.delete(keyOf(half));
    kept.delete(keyOf(twin));
    kept.set(keyOf(whole), whole);
    half = whole;
  }
}

function byBits(a: Network, b: Network): number {
  if (a.version !== b.version) return a.version - b.version;
  return a.bits === b.bits ? a.prefix - b.prefix : a.bits < b.bits ? -1 : 1;
}

import hive from './hive.json' with { type: 'json' };
import type { Row } from './row.ts';
import { tells } from './services.ts';

/** The ports of the article, with what else is found on them: that is why a port alone is weak evidence. */
const NOTES: readonly (readonly [port: number, note: string])[] = [
  [3333, "the usual Stratum port and XMRig's default; also development servers"],
  [4444, 'Stratum of many pools; also the default listener of Metasploit, and Selenium'],
  [5555, 'Stratum at medium difficulty; also Android Debug Bridge'],
  [6666, 'Stratum of some pools; also IRC'],
  [7777, 'Stratum at high difficulty; also game servers'],
  [8888, 'Stratum of some pools; also web proxies and Jupyter'],
  [9999, 'Stratum over TLS of some pools; also the peer network of Dash'],
];

export const MINING_PORTS: readonly number[] = NOTES.map(([port]) => port);

const HIVE = `${hive.origin}/tree/${hive.commit}/pool_templates`;
const MINERGATE = templateOf('minergate');
const DWARFPOOL = 'https://github.com/Atrides/xmr-proxy/blob/master/config.py';
const MONEROOCEAN = 'https://github.com/MoneroOcean/xmrig_setup/blob/master/setup_moneroocean_miner.sh';

type Told = readonly [port: number, note: string, reference: string];

/** Ports of single pools, told of by their own pages, by miners, or by their templates in Hive OS. */
const SINGLE: readonly Told[] = [
  [2142, 'Zcash at zpool and Altpool', templateOf('zpool')],
  [3257, 'Bitcoin Gold at MinerGate', MINERGATE],
  [7007, 'Proof of Memes at CoolPool', templateOf('coolpool')],
  [7017, 'Iron Fish at Kryptex', templateOf('kryptex')],
  [8005, 'Monero at DwarfPool; the first example of XMRig', 'https://github.com/xmrig/xmrig/blob/ed320731/README.md'],
  [8050, 'Monero at DwarfPool', DWARFPOOL],
  [9980, 'Siacoin at Nanopool', 'https://github.com/nanopool/Claymore-Dual-Miner'],
  [20128, 'Monero over TLS at MoneroOcean', 'https://github.com/MoneroOcean/multi-miner'],
  [21496, 'Public Pool', 'https://tinychiphub.com/blogs/news/is-public-pool-effective-for-btc-solo-miner-mining'],
  [37888, 'P2Pool mini, between its nodes', 'https://github.com/SChernykh/p2pool/releases/tag/v1.5'],
  [37889, 'P2Pool, between its nodes', 'https://github.com/SChernykh/p2pool'],
  [45550, 'Bytecoin at MinerGate', MINERGATE],
  [45560, 'Monero Original at MinerGate', MINERGATE],
  [45570, 'QuazarCoin at MinerGate', MINERGATE],
  [45610, 'Fantomcoin at MinerGate', MINERGATE],
  [45620, 'DigitalNote at MinerGate', MINERGATE],
  [45700, 'Monero at MinerGate', MINERGATE],
  [45777, 'Ethereum Classic at MinerGate', MINERGATE],
];

const CLAYMORE =
  'https://github.com/Claymore-Dual/Claymore-Dual-Miner/blob/5f5ee619e52b8e2b9b576b54188381092c864a11/files/Readme!!!.txt';

/** Every port of the examples in the readme of Claymore's dual miner, for years the most common one. */
const CLAYMORES: readonly Told[] = [
  [2252, 'Decred at suprnova', CLAYMORE],
  [3344, 'Ethereum at Coinotron', CLAYMORE],
  [3353, 'Ethereum at NiceHash', CLAYMORE],
  [3354, 'Decred at NiceHash', CLAYMORE],
  [4252, 'Decred at yiimp', CLAYMORE],
  [5279, 'Pascal at suprnova', CLAYMORE],
  [6256, 'LBRY at suprnova', CLAYMORE],
  [8018, 'Expanse at DwarfPool', CLAYMORE],
  [9111, 'Decred at suprnova', CLAYMORE],
  [20_536, 'Ethereum at Mining Pool Hub', CLAYMORE],
  [20_550, 'Siacoin at Mining Pool Hub', CLAYMORE],
];

/** Names of the pools of many coins whose ports stand in the data file. */
const NAMES: Readonly<Record<keyof typeof hive.own, string>> = {
  '2miners': '2Miners',
  antpool: 'AntPool',
  f2pool: 'F2Pool',
  miningpoolhub: 'Mining Pool Hub',
  nanopool: 'Nanopool',
  nicehash: 'NiceHash',
  prohashing: 'Prohashing',
};

function templateOf(name: string, commit: string = hive.commit): string {
  return `${hive.origin}/blob/${commit}/pool_templates/${name}.json`;
}

/** Ports that four pools or more have. */
function sharedPorts(): Told[] {
  return Object.entries(hive.shared).map(([port, templates]): Told => {
    return [Number(port), `pools in Hive OS: ${templates.split(' ').slice(0, 5).join(', ')}`, HIVE];
  });
}

/** Ports of pools that give each coin or algorithm one of its own; all pools of a port in one note. */
function ownPorts(): Told[] {
  const all = Object.entries(hive.own).flatMap(([pool, versions]) =>
    Object.entries(versions).flatMap(([commit, ports]) =>
      ports.split(' ').map((port) => ({ pool, commit, port: Number(port) })),
    ),
  );
  return [...Map.groupBy(all, ({ port }) => port)].flatMap(([port, named]): Told[] => {
    const [first] = named;
    const pools = named.map(({ pool }) => NAMES[pool as keyof typeof hive.own]);
    return first === undefined ? [] : [[port, pools.join(', '), templateOf(first.pool, first.commit)]];
  });
}

/**
 * The setup script of MoneroOcean, which intruders use, chooses by the power of the machine: 10000 and a power of two.
 */
function moneroOceanPorts(): Told[] {
  const ports = Array.from({ length: 14 }, (_, power) => 10_000 + 2 ** power);
  return ports
    .filter(tells)
    .map((port): Told => [port, 'Monero at MoneroOcean, by the power of the machine', MONEROOCEAN]);
}

/** Ports beyond the seven, sorted: low, as each is used by few pools and by other services. */
export function extendedPortRows(): Row[] {
  const rows = new Map<number, Row>();
  for (const [value, note, reference] of [
    ...SINGLE,
    ...moneroOceanPorts(),
    ...sharedPorts(),
    ...ownPorts(),
    ...CLAYMORES,
  ]) {
    if (MINING_PORTS.includes(value) || rows.has(value)) continue;
    rows.set(value, { value, type: 'port', confidence: 'low', reference, note });
  }
  return [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
}

export function portRows(): Row[] {
  return NOTES.map(([value, note]) => ({ value, type: 'port', confidence: 'medium', note }));
}

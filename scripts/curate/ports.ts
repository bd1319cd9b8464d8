import type { Row } from './row.ts';

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

const HIVE = 'https://github.com/minershive/hive-pooltemplates';
const NANOPOOL = 'https://nanopool.org/help';
const MINERGATE = 'https://minergate.com/faq/what-pool-address';
const MININGPOOLHUB = 'https://miningpoolhub.com';
const DWARFPOOL = 'https://dwarfpool.com';

/**
 * Further ports of pools, by what they are known for. Left out: the web's ports (80, 443, 8080, 8443), mail (25), and
 * what other services are better known for (1883 MQTT, 2222 SSH, 5222 XMPP, 8008, 8332 nodes, 9000, 9090,
 * 9200 Elasticsearch).
 */
const EXTENDED: readonly (readonly [port: number, note: string, reference: string])[] = [
  [1111, 'CryptoNight and RandomX at HeroMiners', HIVE],
  [1314, 'Bitcoin at F2Pool', HIVE],
  [3332, 'beside 3333 at several pools', HIVE],
  [3334, 'beside 3333 at many pools: SHA-256 at NiceHash, OCEAN', HIVE],
  [3335, 'beside 3333 at several pools', HIVE],
  [3336, 'beside 3333 at several pools', HIVE],
  [3344, 'several pools', HIVE],
  [3443, 'Stratum over TLS at Flypool and Ezil', HIVE],
  [4445, 'beside 4444 at several pools', HIVE],
  [5730, 'ZCash and others at F2Pool', HIVE],
  [7778, 'beside 7777 at several pools', HIVE],
  [8005, 'Monero at DwarfPool', DWARFPOOL],
  [8050, 'Monero at DwarfPool', DWARFPOOL],
  [9980, 'Siacoin', HIVE],
  [10128, 'Monero at MoneroOcean, difficulty 128,000', 'https://github.com/MoneroOcean/xmrig_setup'],
  [10300, 'Monero at Nanopool', HIVE],
  [10343, 'Monero over TLS at Nanopool', HIVE],
  [12222, 'Monero over TLS at 2Miners', HIVE],
  [13333, 'Stratum over TLS of several pools', HIVE],
  [14433, 'Monero over TLS at Nanopool, until 2023', NANOPOOL],
  [14444, 'Ethermine, 2Miners, Ezil over TLS; Monero at Nanopool, until 2023', HIVE],
  [15555, '2Miners and others over TLS', HIVE],
  [18888, '2Miners over TLS', HIVE],
  [19999, 'Ethereum Classic at Nanopool, 2Miners over TLS', HIVE],
  [20032, 'several pools', HIVE],
  [20128, 'Monero over TLS at MoneroOcean', 'https://github.com/MoneroOcean/xmrig_setup'],
  [20535, 'Ethash at Mining Pool Hub', MININGPOOLHUB],
  [20555, 'Ethereum Classic at Mining Pool Hub', MININGPOOLHUB],
  [20580, 'Monero at Mining Pool Hub', MININGPOOLHUB],
  [21496, 'Public Pool', 'https://web.public-pool.io'],
  [45560, 'CryptoNight coins at MinerGate', MINERGATE],
  [45700, 'Monero at MinerGate', MINERGATE],
];

/** Ports beyond the seven: low, as each is used by few pools and by other services. */
export function extendedPortRows(): Row[] {
  return EXTENDED.map(([value, note, reference]) => ({ value, type: 'port', confidence: 'low', reference, note }));
}

export function portRows(): Row[] {
  return NOTES.map(([value, note]) => ({ value, type: 'port', confidence: 'medium', note }));
}

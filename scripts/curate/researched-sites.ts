/** Sites of pools and markets of which only the Stratum hosts are pools: people visit them without mining. */
const SITES: readonly (readonly [name: string, reason: string])[] = [
  ['nicehash.com', 'market for computing power'],
  ['antpool.com', 'pool and its shop'],
  ['viabtc.com', 'pool, wallet and exchange'],
  ['braiins.com', 'pool and maker of software for miners'],
  ['luxor.tech', 'pool and firm that trades in computing power'],
  ['emcd.io', 'pool and wallet'],
  ['ocean.xyz', 'pool'],
  ['prohashing.com', 'pool'],
  ['poolin.com', 'pool and wallet'],
  ['hiveon.com', 'pool and maker of Hive OS'],
  ['kryptex.com', 'program that mines and its pool; its Stratum hosts are listed'],
  ['qubic.li', 'pool of Qubic'],
  ['hiveos.farm', 'console of Hive OS'],
  ['minerstat.com', 'console for mining machines'],
  ['whattomine.com', 'calculator for miners'],
  ['miningpoolstats.stream', 'list of pools'],
  ['2cryptocalc.com', 'calculator for miners'],
  ['p2pool.io', 'home page of P2Pool, a pool without a server'],
  ['parasite.space', 'pool of Bitcoin'],
  ['zpool.ca', 'pool; its Stratum hosts are listed'],
  ['dxpool.com', 'pool and its shop'],
  ['awesomeminer.com', 'console for mining machines'],
  ['simplemining.net', 'system for mining machines'],
];

/** Sites found by research, with the reason why they are listed. */
export const RESEARCHED_SITES: ReadonlyMap<string, string> = new Map(SITES);

import type { Block, Claim } from './claim.ts';

const HIVE = 'https://github.com/minershive/hive-pooltemplates/blob/22a9fd4818d6';
const WIKI = 'https://en.bitcoin.it/wiki/Comparison_of_mining_pools';
const ANTPOOL = `${HIVE}/pool_templates/antpool.json`;
const NICEHASH = `${HIVE}/pool_templates/nicehash.json`;
const VIABTC = `${HIVE}/pool_templates/viabtc.json`;
const BITCOIN = `${HIVE}/pool_templates/bitcoin.json`;

/** Where a page tells of a pool and the names are few. */
function told(reference: string, names: string): [reference: string, names: readonly string[]] {
  return [reference, names.trim().split(/\s+/)];
}

/** Pools told of in the file of that name among the templates of Hive OS. */
function inHive(names: string): [reference: string, names: readonly string[]][] {
  return names
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [file = '', name = ''] = pair.split('=');
      return told(`${HIVE}/pool_templates/${file}.json`, name);
    });
}

/**
 * Pools that the published lists lack. A pool's own domain stands here where its web site serves only those who mine
 * there; where the site is a shop, an exchange, a wallet or a maker of software, only the hosts that speak Stratum do,
 * and the site is among RESEARCHED_SITES.
 */
const POOLS: readonly (readonly [reference: string, names: readonly string[]])[] = [
  told(NICEHASH, 'auto.nicehash.com'),
  told(
    'https://www.nicehash.com/help/how-does-nicehash-work',
    `eu.nicehash.com eu-west.nicehash.com eu-north.nicehash.com usa.nicehash.com
     usa-west.nicehash.com usa-east.nicehash.com hk.nicehash.com jp.nicehash.com in.nicehash.com br.nicehash.com`,
  ),
  told(
    ANTPOOL,
    `stratum.antpool.com stratum-btm.antpool.com stratum-dash.antpool.com stratum-etc.antpool.com
     stratum-ltc.antpool.com stratum-xmc.antpool.com stratum-zec.antpool.com stratum.bw.com`,
  ),
  told('https://www.antpool.com', 'ss.antpool.com stratum-eth.antpool.com'),
  told(VIABTC, 'viabtc.io'),
  told(
    'https://www.viabtc.com',
    'btc.viabtc.com bch.viabtc.com ltc.viabtc.com dash.viabtc.com zec.viabtc.com eth.viabtc.com',
  ),
  told('https://academy.braiins.com/en/braiins-pool/about/', 'stratum.braiins.com slushpool.com mining.bitcoin.cz'),
  told(
    `${HIVE}/pool_templates/emcd.json`,
    `cn.emcd.io eu.emcd.io eu2.emcd.io gate.emcd.io ir.emcd.io kg.emcd.io kz.emcd.io us.emcd.io usa.emcd.io`,
  ),
  told(`${HIVE}/pool_templates/luxor.json`, 'global.luxor.tech'),
  told(`${HIVE}/pool_templates/ocean.xyz.json`, 'mine.ocean.xyz'),
  told(`${HIVE}/pool_templates/prohashing.json`, 'mining.prohashing.com'),
  told(`${HIVE}/pool_templates/poolin.json`, 'ss.poolin.com'),
  told(BITCOIN, 'connect.pool.bitcoin.com bch.pool.bitcoin.com profit.pool.bitcoin.com'),
  told(`${HIVE}/pool_templates/whitebit.json`, 'pool1-eu.whitebit.com pool2-eu.whitebit.com'),
  told(
    `${HIVE}/pool_templates/miningrigrentals.json`,
    `ap-01.miningrigrentals.com eu-01.miningrigrentals.com eu-de01.miningrigrentals.com eu-de02.miningrigrentals.com`,
  ),
  told('https://github.com/qubic-li/client', 'wps.qubic.li mine.qubic.li'),
  told('https://hiveon.net', 'hiveon.net'),
  told('https://web.public-pool.io', 'public-pool.io'),
  told('https://bitcointalk.org/index.php?topic=1876330.0', 'ckpool.org'),
  told('https://www.mining-dutch.nl', 'mining-dutch.nl'),
  told('https://zergpool.com', 'zergpool.com'),
  ...inHive(`
    woolypooly=woolypooly.com rplant=rplant.xyz solopool=solopool.org k1pool=k1pool.com k1pool=k1pool.org
    vipornet=vipor.net ezil=ezil.me flexpool=flexpool.io flypool=flypool.org ethermine=ethermine.org
    ravenminer=ravenminer.com cruxpool=cruxpool.com hashcity=hashcity.org sigmapool=sigmapool.com neopool=neopool.com
    spiderpool=spiderpool.com dpool=dpool.top powerpool=powerpool.io lincoin=lincoin.com foundry=foundryusapool.com
    binance=poolbinance.com 1miner=1miner.net acc-pool=acc-pool.pw jetskipool=jetskipool.ai jetskipool=xelskipool.xyz
    apool-io=apool.io apool-io=apool.net coolpool=coolpool.top cedriccrispincom=cedric-crispin.com
    crazypool=crazypool.org minerpool.pro-solo=minerpool.pro magicpool=magicpool.co p1pool=p1pool.com
    666pool=666pool.com 666pool=666pool.info ekapool=ekapool.com comining=gtpool.io e4pool=e4pool.com
    flockpool=flockpool.com mining4people-solo=mining4people.com altpool=altpool.pro alphapool.tech=alphapool.tech
    bsod=bsod.pw icemining=icemining.ca raptoreum.zone=raptoreum.zone volt-mine=volt-mine.com epicmine=epicmine.io
    grandpool=grandpool.io pmp_pool=pmpmining.com cpupool=cpu-pool.com fluxpools-solo=fluxpools.net
    leafpool=leafpool.com coinblockers=coinblockers.com neuropool=neuropool.net tw-pool=tw-pool.com
    poolflare=poolflare.net poolflare=poolflare.com getblokio=getblok.io unimining=unimining.net
    pool2mine=pool2mine.net coinminerz-solo=coinminerz.com luckpool=luckpool.org whalesburg=whalesburg.com
    xelpool=xelpool.com minernode=minerno.de dxpool=ss.dxpool.com monerod=mine.monerod.org
    pearlhash.xyz=pearlhash.xyz alephium-pool=alephium-pool.com crimsonfusion=crimsonfusion.org zpool=mine.zpool.ca
  `),
  // Closed, but captures and bots of their time still ask for them.
  told(WIKI, 'bitminter.com btcguild.com ghash.io eligius.st deepbit.net eclipsemc.com 50btc.com kano.is ozco.in'),
];

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
];

/** Sites found by research, with the reason why they are listed. */
export const RESEARCHED_SITES: ReadonlyMap<string, string> = new Map(SITES);

/** What research adds to the published lists. */
export function researchedClaims(): Claim[] {
  const pools = POOLS.flatMap(([reference, names]) => {
    const block: Block = { origin: 'minecanary', references: [reference], about: 'pools' };
    return names.map((value): Claim => ({ kind: 'domain', value, block }));
  });
  const sites = SITES.map(([value]): Claim => {
    const block: Block = { origin: 'minecanary', references: [`https://${value}`] };
    return { kind: 'domain', value, block };
  });
  return [...pools, ...sites];
}

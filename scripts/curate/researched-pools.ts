import type { Block, Claim } from './claim.ts';
import hive from './hive.json' with { type: 'json' };
import { LISTED } from './listed-pools.ts';
import { RESEARCHED_SITES } from './researched-sites.ts';

const FALCO = 'https://github.com/falcosecurity/rules/blob/c72713e/rules/falco-sandbox_rules.yaml';
const RAINBOW = 'https://github.com/RainbowMiner/RainbowMiner/blob/3fe363297/Pools';
/** Pools that a client asked for their Bitcoin blocks in 2016, each with its host and port. */
const SURVEY = 'https://gist.github.com/jameshilliard/1693a637f3860aff2887';
/** Pools by the mark that they leave in Bitcoin blocks. */
const MARKS = 'https://github.com/blockchain/Blockchain-Known-Pools/blob/c5e1fc1/pools.json';

/** Where a page tells of a pool and the names are few. */
function told(reference: string, names: string): [reference: string, names: readonly string[]] {
  return [reference, names.trim().split(/\s+/)];
}

/** Pools told of in the file of that name among the templates of Hive OS; `@` comes before an older commit. */
function inHive(names: string): [reference: string, names: readonly string[]][] {
  return names
    .trim()
    .split(/\n\s*/)
    .map((line) => {
      const [template = '', ...hosts] = line.split(' ');
      const [file = '', commit = hive.commit] = template.split('@');
      return [`${hive.origin}/blob/${commit}/pool_templates/${file}.json`, hosts];
    });
}

/**
 * Pools that the published lists lack, beside what the templates of Hive OS give by rule. A pool's own domain stands here
 * where its web site serves only those who mine there; where the site is a shop, an exchange, a wallet or a maker of
 * software, only the hosts that speak Stratum do, and the site is among RESEARCHED_SITES.
 */
const POOLS: readonly (readonly [reference: string, names: readonly string[]])[] = [
  ...inHive(`
    rplant rplant.xyz
    vipornet vipor.net
    ezil ezil.me
    hashcity hashcity.org
    lincoin lincoin.com
    cedriccrispincom cedric-crispin.com
    kryptex kryptex.network
    viabtc viabtc.io
    bsod bsod.pw
    raptoreum.zone raptoreum.zone
    coinblockers coinblockers.com
    getblokio getblok.io
    whalesburg whalesburg.com
    pearlhash.xyz pearlhash.xyz
    crimsonfusion crimsonfusion.org
    coinhunters coinhunters.name
    maxhash maxhash.org
    monerod monerod.org
    nicehash@8dfc1b999c54 eu-north.nicehash.com eu-west.nicehash.com usa-east.nicehash.com usa-west.nicehash.com
    nicehash@c75fbcbee8d1 br.nicehash.com eu.nicehash.com hk.nicehash.com in.nicehash.com jp.nicehash.com usa.nicehash.com
    viabtc@c30f58d1e67c bch.viabtc.com btc.viabtc.com dash.viabtc.com ethereum.viabtc.com ltc.viabtc.com zec.viabtc.com
    hiveon@fca58ea18bbe hiveon.net btc.hiveon.com etc.hiveon.com ltcbtc.hiveon.com rvn.hiveon.com
    hiveon@30c2791a7d72 asic.hiveon.com kas.hiveon.com
    zergpool-btc@8cf346172b69 zergpool.com
    emcd@14b64b365f73 mine.emcd.io
  `),
  told(FALCO, 'ss.antpool.com stratum-eth.antpool.com btm.antpool.com dash.antpool.com eth.antpool.com'),
  told(FALCO, 'xmc.antpool.com zec.antpool.com'),
  told(
    'https://d-central.tech/asic-troubleshooting/braiins-pool-password-field-blank-rejection/',
    'stratum.braiins.com solo.braiins.com',
  ),
  told('https://github.com/slush0/stratum-mining', 'mining.bitcoin.cz'),
  told('https://github.com/qubic-li/client', 'wps.qubic.li'),
  told('https://github.com/qubic-li/client/blob/main/README-deprecated.md', 'mine.qubic.li'),
  told('https://tinychiphub.com/blogs/news/is-public-pool-effective-for-btc-solo-miner-mining', 'public-pool.io'),
  told(SURVEY, 'ckpool.org stratum.bitcoin.cz stratum.kano.is'),
  told(`${RAINBOW}/MiningDutch.ps1`, 'mining-dutch.nl'),
  told(`${RAINBOW}/Hashcryptos.ps1`, 'hashcryptos.com'),
  told(`${RAINBOW}/Mintpond.ps1`, 'mintpond.com'),
  told(`${RAINBOW}/Ethwmine.ps1`, 'ethwmine.com'),
  told('https://github.com/C3Pool/xmrig_setup', 'c3pool.com'),
  // Closed, but captures and bots of their time still ask for them.
  told(SURVEY, 'bitminter.com ghash.io eclipsemc.com bitclubpool.com bravo-mining.com stratum.btcchina.com'),
  told(MARKS, 'btcguild.com eligius.st ozcoin.net'),
  ...inHive(`
    beepool@0d639163952d beepool.org
    ethpool@a35ba853316d ethpool.org
    coinmine@bc9594f699d6 coinmine.pl
    coinotron@c30f58d1e67c coinotron.com
    uupool@aeeae0efc907 uupool.cn
    dwarfpool@9d1df7f0c26d dwarfpool.com
  `),
  ...LISTED.known,
];

/** Names of the templates of Hive OS, each told of in the file of its pool; those of past versions speak of closed pools. */
function templateClaims(): Claim[] {
  const today = Object.entries(hive.names).flatMap(([template, names]) =>
    claimsOf(told(`${hive.origin}/blob/${hive.commit}/pool_templates/${template}.json`, names), 'pools'),
  );
  const past = Object.entries(hive.past).flatMap(([template, versions]) =>
    Object.entries(versions).flatMap(([commit, names]) =>
      claimsOf(told(`${hive.origin}/blob/${commit}/pool_templates/${template}.json`, names), 'weak'),
    ),
  );
  return [...today, ...past];
}

function claimsOf([reference, names]: readonly [string, readonly string[]], about: 'pools' | 'weak'): Claim[] {
  const block: Block = { origin: 'minecanary', references: [reference], about };
  return names.map((value): Claim => ({ kind: 'domain', value, block }));
}

/** What research adds to the published lists. */
export function researchedClaims(): Claim[] {
  const sites = [...RESEARCHED_SITES.keys()].map((value): Claim => {
    const block: Block = { origin: 'minecanary', references: [`https://${value}`] };
    return { kind: 'domain', value, block };
  });
  const pools = POOLS.flatMap((pool) => claimsOf(pool, 'pools'));
  const doubtful = LISTED.doubtful.flatMap((pool) => claimsOf(pool, 'weak'));
  return [...pools, ...templateClaims(), ...doubtful, ...sites];
}

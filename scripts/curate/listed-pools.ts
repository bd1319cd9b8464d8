/** Names from public lists of pools that are no origin of their own, each list with its licence. */

/** Apache-2.0: names for which Kubescape warns that a container mines. */
const KUBESCAPE =
  'https://github.com/kubescape/node-agent/blob/0970c60bc073/pkg/ruleengine/v1/r1008_crypto_mining_domain.go';
/** MIT: pools that have found Bitcoin blocks, by their mark in them. */
const MEMPOOL = 'https://github.com/mempool/mining-pools/blob/6abbdc8/pools-v2.json';
/** In the public domain: mining, but exchanges and frauds too, so that it says little alone. */
const BLOCK_LIST = 'https://github.com/blocklistproject/Lists/blob/ee3bdba/crypto.txt';

function listed(reference: string, names: string): [reference: string, names: readonly string[]] {
  return [reference, names.trim().split(/\s+/)];
}

/**
 * `known` are pools for certain. `doubtful` are names of the block list that have "pool" in them, less those that are known
 * to be other things (staking, explorers, firms): low.
 */
export const LISTED = {
  known: [
    listed(
      KUBESCAPE,
      `c3pool.org c4pool.org domajorpool.com kriptokyng.com miningmadness.com monerop.com multi-pools.com pool-pay.com
     trustpool.cc zeropool.io botbox.dev`,
    ),
    listed(
      MEMPOOL,
      `7pool.com arkpool.com batpool.com bcpool.io btcpoolparty.com bwpool.net bytepool.com canoepool.com gbminers.com
     haopool.com hotpool.co hummerpool.com marapool.com maxipool.org minerium.com mmpool.org okminer.com okpool.top
     patelsminingpool.com pega-pool.com phash.io phoenixpool.com polmine.pl rawpool.com rigpool.com secpool.com
     tangpool.com terrapool.io tmspool.top triplemining.com ultimuspool.com zulupool.com`,
    ),
  ],
  doubtful: [
    listed(
      BLOCK_LIST,
      `168pool.com 1pool.org 3qpool.com aapool.org afinepool.xyz ahashpool.com aikapool.com akarospool.com altpool.eu
     aminingpool.com aussie-pools.com b3pool.com beepool.com beeppool.org bitcoin-pool.de blazepool.com
     blockwarepool.com bluerockpools.net btcpool.kz btcpool24.com bullcpupool.com bytecoin-pool.org cccpool.net
     ccmpool.ro cloverpool.com cminors-pool.com cnpool.cc codpool.com coinpool.pw coinxpool.com cool-pool.net core-pool.com crimson-pool.com cryptocoinpools.com cryptominingpool.eu cryptopools.pl deltapool.net digipools.com
     dogpool.one eelpool.com epool.io evepool.pw farringtonpool.com foxypool.cf foxypool.io frogpool.io gcpool.eu
     gonspool.com gorillapool.io greatpool.ca green-pool.org hashpool.cc hashpool.live hdpool.com lolopool.com
     hpool.com humpool.com huobipool.com huopool.com ikpool.com jingniupool.com kievpool.com laurentiapool.org
     leywapool.com liberty-pool.com luckydogpool.com luckypool.org m2pool.eu mangopool.eu mcmpool.eu mibpool.com
     millpools.cc mining-pools.com miningmypool.com miningpool.fun mpool.net mpool.su multi-pool.info my-mining-pool.de mypool.online nimiqpool.com nushypool.com pacificpool.ws pool-jg1000.fr pool.mn pool.pink pool4ever.com
     poolbe.eu poolbe.us poolgpu.com poolin.me poolmars.net poolofd32th.club pooly.ca propool.ca proxpool.com
     pukkapool.com raptorpool.org richpool.pro ru-poolbe.ru rupool.org rupool.pro rxdpool.com satopool.com
     saturnpool.com signumpool.com skydogepool.xyz smartcoinpool.com speedpool.top superpools.online svpool.com
     teepool.com thebeepool.com truepool.io ttdpool.com tucanpool.com ukrpool.com v6pool.com veopool.pw
     veriblockpool.com virdpool.com vvpool.com wafflepool.com webdollarminingpool.com wsdpool.online xminingpool.com
     xnpool.com yourpool.uk zaixmrpool.com`,
    ),
  ],
};

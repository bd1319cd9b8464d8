/**
 * The editorial tables of the curation: what can only be said name by name. Each entry has its reason.
 */

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/**
 * Suffixes under which strangers hold names, beyond the Public Suffix List. A name under one of them may be listed, the
 * suffix itself never.
 */
export const SHARED_SUFFIXES: ReadonlySet<string> = new Set(
  words(`
  mooo.com us.to mine.bz ip28.net ddns.net myeffect.net dyndns.org dyndns.com webhop.net
  webhop.me dscloud.me mysrv.cloud softether.net aleja.lt herokuapp.com now.sh page.tl
  github.io ipfs.infura-ipfs.io infura-ipfs.io onion.pet ssl-cdnweb.net
  your-server.de contaboserver.net compute.amazonaws.com amazonaws.com
`),
);

/** Reverse names that hosters give to addresses: an address in disguise, and passed on with it. */
export const REVERSE_NAMES: readonly string[] = words(`
  your-server.de contaboserver.net compute.amazonaws.com auracom.com
`);

/** Names that a list has, but that say nothing of mining. */
export const NOT_MINING: ReadonlyMap<string, string> = new Map([
  ['adminer.com', 'the database tool of adminer.org, typed with another ending'],
  ['exdynsrv.com', 'ad server of ExoClick, in use on many sites'],
  ['traffic.tc-clicks.com', 'click counter of an ad network'],
  ['webapi.salamantex.com', 'payment service that takes cryptocurrency'],
  ['webapi.staging.salamantex.com', 'payment service that takes cryptocurrency'],
  ['mail.ghmproperties.com', "a firm's mail server, once broken into"],
  ['mail.itseasy.com', "a firm's mail server, once broken into"],
  ['mail.shaferglazer.com', "a firm's mail server, once broken into"],
  ['mail.techniservinc.com', "a firm's mail server, once broken into"],
  ['rocks.io', 'everyday word; nothing published beyond the list says that it mines'],
  ['thewise.com', 'everyday word; nothing published beyond the list says that it mines'],
  ['papoto.com', 'everyday word; nothing published beyond the list says that it mines'],
  ['filmoljupci.com', 'film site that once carried a miner'],
  ['gay-hotvideo.net', 'video site that once carried a miner; its miner host is listed'],
  ['serie-vostfr.com', 'film site that once carried a miner'],
  ['zlx.com.br', 'video site that once carried a miner'],
  ['poolkh.com.com', 'mistyped for poolkh.com'],
  ['bittube.hashvault.pr', 'mistyped for bittube.hashvault.pro'],
  ['baikalmine.com.com', 'mistyped for baikalmine.com'],
  ['co.uk.co.uk', 'mistyped for a host under co.uk'],
  ['fastpool.xyz.org', 'mistyped for fastpool.xyz'],
  ['wooolypooly.com', 'mistyped for woolypooly.com'],
]);

/** Services that a poisoned or careless list may hold one day: their names and all under them stay out. */
export const WELL_KNOWN: ReadonlySet<string> = new Set(
  words(`
  google.com googleapis.com gstatic.com youtube.com microsoft.com office.com windows.com
  apple.com amazon.com cloudflare.com fastly.net akamai.net github.com githubusercontent.com
  gitlab.com bitbucket.org discord.com discordapp.com telegram.org t.me facebook.com
  twitter.com x.com reddit.com wikipedia.org pastebin.com dropbox.com docker.io docker.com
  npmjs.org pypi.org debian.org ubuntu.com ntp.org jsdelivr.net unpkg.com jquery.com
  virustotal.com getmonero.org bitcoin.org coinbase.com binance.com kraken.com
`),
);

/** Web sites about mining, coins and their seed hosts: people visit them without mining. Low confidence, with reason. */
export const SITES: ReadonlyMap<string, string> = new Map([
  ['emercoin.com', 'home page and seeds of Emercoin'],
  ['emercoin.net', 'home page and seeds of Emercoin'],
  ['emergate.net', 'home page and seeds of Emercoin'],
  ['kronecoin.org', 'home page and seeds of Kronecoin'],
  ['joulecoin.org', 'home page and seeds of Joulecoin'],
  ['titcoins.info', 'home page and seeds of Titcoin'],
  ['node.btx.tools', 'seed of the BTX network'],
  ['gntl.co.uk', 'home page of GNTL; its pool hosts are listed'],
  ['miningrigrentals.com', 'market for rented miners'],
  ['pangolinminer.com', 'shop for mining machines'],
  ['cryptominded.com', 'guides to cryptocurrency'],
  ['mining-help.ru', 'guides to mining'],
  ['coinpot.co', 'purse for coin faucets'],
  ['nbminer.com', 'home page of a miner; the hosts it speaks to are listed'],
  ['bestcoinsignals.com', 'advice on trading coins'],
]);

/** Domains of miners' authors: the hosts under them take the donation share of every miner of that make. */
export const DONATION_DOMAINS: readonly string[] = ['xmrig.com', 'graef.in'];

/** Scripts and services for mining in the browser that lists of pools name too. */
export const BROWSER_MINERS: ReadonlySet<string> = new Set(
  words(`
  coinhive.com coin-hive.com crypto-loot.com jsecoin.com sparechange.io
`),
);

/** Names of high confidence although one origin alone lists them. */
export const VOUCHED: ReadonlyMap<string, string> = new Map([
  ['authedmine.com', "Coinhive's host for miners with consent"],
]);

/** Content delivery ranges: addresses shared by many sites. Source: cloudflare.com/ips-v4 (and 104.28.0.0/14, older). */
export const CDN_RANGES: readonly string[] = words(`
  173.245.48.0/20 103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 141.101.64.0/18 108.162.192.0/18
  190.93.240.0/20 188.114.96.0/20 197.234.240.0/22 198.41.128.0/17 162.158.0.0/15 104.16.0.0/13
  104.24.0.0/14 104.28.0.0/14 172.64.0.0/13 131.0.72.0/22
`);

/** Networks that can't hold a pool: what a forged DNS answer or a parked domain pointed to. */
export const WRONG_OWNERS: ReadonlyMap<string, string> = new Map([
  ['157.240.0.0/16', 'Meta: a forged DNS answer for a pool'],
  ['204.11.56.0/24', 'Confluence Networks: parked domains'],
  ['208.91.197.0/24', 'Confluence Networks: parked domains'],
]);

import { ORIGINS } from './origins.ts';
import type { Row } from './row.ts';
import { type Entry, entryRows } from './texts.ts';

/** A rule of NoCoin on a path under a host: `host/path`. */
export type PathRule = string;

const COINHIVE = 'https://github.com/hoshsadiq/adblock-nocoin-list/blob/master/nocoin.txt';

/** Scripts of the services that many sites carried, by the paths under which NoCoin's general rules look for them. */
const SCRIPTS: readonly string[] = [
  'coinhive.com/lib/coinhive.min.js',
  'coinhive.com/lib/cryptonight.wasm',
  'coin-hive.com/lib/coinhive.min.js',
  'authedmine.com/lib/authedmine.min.js',
  'authedmine.com/lib/simple-ui.min.js',
  'crypto-loot.com/lib/crlt.js',
  'jsecoin.com/server/api/',
];

/** Where releases of miners are fetched: low, as fetching is not mining, and researchers do it too. */
const DOWNLOADS: readonly string[] = `
  xmrig/xmrig xmrig/xmrig-proxy MoneroOcean/xmrig Bendr0id/xmrigCC fireice-uk/xmr-stak doktor83/SRBMiner-Multi
  Lolliedieb/lolMiner-releases trexminer/T-Rex NebuTech/NBMiner develsoftware/GMinerRelease andru-kun/wildrig-multi
  todxx/teamredminer nanopool/nanominer ethereum-mining/ethminer bzminer/bzminer rigelminer/rigel
  OneZeroMiner/onezerominer JayDDee/cpuminer-opt rplant8/cpuminer-opt-rplant tpruvot/ccminer nicehash/NiceHashMiner
  nicehash/excavator hellcatz/hminer qubic-li/client RavenCommunity/kawpowminer SChernykh/p2pool
`
  .trim()
  .split(/\s+/);

/** Scripts that turn a machine into a miner in one line; intruders use them. */
const INSTALLERS: readonly string[] = [
  'raw.githubusercontent.com/MoneroOcean/xmrig_setup/',
  'raw.githubusercontent.com/C3Pool/xmrig_setup/',
  'download.c3pool.org/xmrig_setup/',
];

/** Scripts of browser miners, by host and path. */
export function browserMinerUrls(rules: readonly PathRule[]): Row[] {
  const { licence } = ORIGINS.NoCoin;
  const listed = entryRows(
    'url',
    rules.map((value): Entry => ({ value, category: 'browser-miner', confidence: 'medium' })),
  ).map((row): Row => {
    const { value, type, category, confidence } = row;
    return {
      value,
      type,
      ...(category === undefined ? {} : { category }),
      confidence,
      provider: 'NoCoin',
      licence,
      reference: ORIGINS.NoCoin.reference,
    };
  });
  const own = SCRIPTS.map(
    (value): Entry => ({ value, category: 'browser-miner', confidence: 'high', reference: COINHIVE }),
  );
  return [...listed, ...entryRows('url', own)].sort(({ value: a }, { value: b }) => (a < b ? -1 : 1));
}

/** Where miners are fetched from, by host and path. */
export function downloadUrls(): Row[] {
  const releases = DOWNLOADS.map((project): Entry => {
    const page = `github.com/${project}`;
    return { value: `${page}/releases/download/`, confidence: 'low', reference: `https://${page}` };
  });
  const scripts = INSTALLERS.map((value): Entry => {
    const reference = value.includes('MoneroOcean')
      ? 'https://github.com/MoneroOcean/xmrig_setup'
      : 'https://github.com/C3Pool/xmrig_setup';
    return { value, confidence: 'medium', reference, note: 'installs XMRig as a service; intruders use it' };
  });
  return entryRows('url', [...releases, ...scripts]);
}

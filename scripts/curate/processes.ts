import type { Confidence, Row } from './row.ts';
import { type Entry, entryRows } from './texts.ts';

/** The miners that RainbowMiner starts, each with its file name. */
const RAINBOW = 'RainbowMiner/RainbowMiner/tree/3fe363297/Miners';

/** Names of programs without `.exe`, by the project that makes them. On Linux upper and lower case differ. */
const MINERS: readonly (readonly [page: string, names: string, confidence?: Confidence])[] = [
  ['xmrig/xmrig', 'xmrig xmrig-notls xmrig-amd xmrig-nvidia xmrig-cuda'],
  ['xmrig/xmrig-proxy', 'xmrig-proxy'],
  ['Bendr0id/xmrigCC', 'xmrigDaemon xmrigdaemon xmrigMiner xmrigminer xmrigServer xmrigserver'],
  ['fireice-uk/xmr-stak', 'xmr-stak xmr-stak-cpu xmr-stak-amd xmr-stak-nvidia xmr-stak-rx'],
  ['ckolivas/cgminer', 'cgminer'],
  ['luke-jr/bfgminer', 'bfgminer'],
  ['sgminer-dev/sgminer', 'sgminer'],
  ['tpruvot/ccminer', 'ccminer ccminer-x64'],
  ['pooler/cpuminer', 'minerd'],
  ['JayDDee/cpuminer-opt', 'cpuminer cpuminer-sse2 cpuminer-sse42 cpuminer-aes-sse42 cpuminer-avx cpuminer-avx2'],
  ['JayDDee/cpuminer-opt', 'cpuminer-avx2-sha cpuminer-avx2-sha-vaes cpuminer-avx512 cpuminer-avx512-sha-vaes'],
  ['rplant8/cpuminer-opt-rplant', 'cpuminer-avx2 cpuminer-zen cpuminer-ryzen'],
  ['NebuTech/NBMiner', 'nbminer'],
  ['trexminer/T-Rex', 't-rex'],
  ['Lolliedieb/lolMiner-releases', 'lolMiner lolminer'],
  [`${RAINBOW}/Phoenix.ps1`, 'PhoenixMiner phoenixminer'],
  ['develsoftware/GMinerRelease', 'gminer'],
  ['nanopool/nanominer', 'nanominer'],
  ['todxx/teamredminer', 'teamredminer'],
  ['doktor83/SRBMiner-Multi', 'SRBMiner-MULTI SRBMiner-Multi srbminer-multi srbminer SRBMiner-CN'],
  ['andru-kun/wildrig-multi', 'wildrig wildrig-multi'],
  ['ethereum-mining/ethminer', 'ethminer'],
  ['RavenCommunity/kawpowminer', 'kawpowminer'],
  ['nanopool/Claymore-Dual-Miner', 'EthDcrMiner64 ethdcrminer64'],
  ['nicehash/NiceHashMinerLegacy', 'ZecMiner64 NsGpuCNMiner'],
  ['nicehash/nheqminer', 'nheqminer'],
  ['nicehash/excavator', 'excavator', 'medium'],
  ['nicehash/NiceHashMiner', 'NiceHashMiner nicehashminer NiceHashQuickMiner nicehashquickminer app_nhm'],
  ['realbminer/bminer', 'bminer'],
  ['bzminer/bzminer', 'bzminer'],
  ['rigelminer/rigel', 'rigel', 'medium'],
  ['OneZeroMiner/onezerominer', 'onezerominer'],
  [`${RAINBOW}/EnemyZealot.ps1`, 'z-enemy'],
  ['technobyl/CryptoDredge', 'CryptoDredge cryptodredge'],
  [`${RAINBOW}/MiniZ.ps1`, 'miniZ miniz', 'medium'],
  ['CryptoGraphics/VerthashMiner', 'VerthashMiner verthashminer'],
  ['hellcatz/hminer', 'hellminer'],
  ['mimblewimble/grin-miner', 'grin-miner'],
  ['qubic-li/client', 'qli-Client qli-client qli-runner'],
  ['deroproject/derohe', 'dero-miner-linux-amd64 dero-miner-windows-amd64 dero-miner'],
  ['minershive/hive-pooltemplates', 'apoolminer'],
  ['Kiv/poclbm', 'poclbm'],
  ['SChernykh/p2pool', 'p2pool'],
  [
    RAINBOW,
    'TBMiner TeamBlackMiner TT-Miner tt-miner dynexsolve DynexSolve ninjarig nq-miner noncerpro rhminer xlarig',
  ],
  [RAINBOW, 'ethcoreminer evrprogpowminer firominer meowpowminer phihashminer nsfminer nsgminer sccminer suprminer'],
  [RAINBOW, 'progminer-zano-cuda progminer-zano-opencl progpowminer-cuda progpowminer-amd xmrig-mo cast_xmr-vega'],
  [RAINBOW, 'serominer-cuda serominer-opencl NeoScryptMiner sgminer-x64 ccminer_x86 cpuminer-armv8 cpuminer-armv9'],
];

/** Names that only malware gives its miner or what keeps the miner alive. */
const MALWARE: readonly (readonly [name: string, reference: string, note: string])[] = [
  ['kinsing', 'https://attack.mitre.org/software/S0599/', 'installs and guards the miner kdevtmpfsi'],
  ['kdevtmpfsi', 'https://attack.mitre.org/software/S0599/', 'miner of Kinsing; the kernel has a kdevtmpfs, without i'],
  ['watchbog', 'https://attack.mitre.org/techniques/T1496/001/', 'Linux malware that mines'],
  ['sustes', 'https://attack.mitre.org/techniques/T1496/001/', 'Linux malware that mines'],
];

/** `name` and `name.exe`; on Windows case doesn't count, so its form is in lower case. */
function bothForms(name: string): string[] {
  return [name, `${name.toLowerCase()}.exe`];
}

/**
 * File names of miners, as a process has them or as its original file name. Names that many programs share (`miner`)
 * are left out, and hashes: each build has its own.
 */
export function processRows(): Row[] {
  const entries = new Map<string, Entry>();
  for (const [page, names, confidence = 'high'] of MINERS) {
    for (const value of names.split(' ').flatMap(bothForms)) {
      if (!entries.has(value)) entries.set(value, { value, confidence, reference: `https://github.com/${page}` });
    }
  }
  for (const [value, reference, note] of MALWARE) {
    entries.set(value, { value, category: 'malware', confidence: 'medium', reference, note });
  }
  return entryRows('process', [...entries.values()]);
}

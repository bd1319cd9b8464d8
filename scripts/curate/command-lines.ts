import { base64Forms } from './base64.ts';
import type { Row } from './row.ts';
import { type Entry, entryRows, type SigmaTexts } from './texts.ts';

const XMRIG = 'https://github.com/xmrig/xmrig/blob/master/src/core/config/Config_platform.h';
const XMRIG_URL = 'https://github.com/xmrig/xmrig/blob/master/src/base/net/stratum/Url.cpp';
const ETHMINER = 'https://github.com/ethereum-mining/ethminer/blob/master/libpoolprotocols/PoolURI.cpp';
const NBMINER = 'https://github.com/NebuTech/NBMiner';
const BZMINER = 'https://github.com/bzminer/bzminer';
const CLAYMORE = 'https://github.com/nanopool/Claymore-Dual-Miner';

/** Who searches or edits texts about miners: the command line holds the text, but runs no miner. */
const READERS = ['grep ', 'findstr', 'select-string', 'notepad', 'vim ', 'code.exe', 'git commit', 'git log'];
/** Who builds or fetches a file of that name. */
const BUILDERS = [' pool.c ', ' pool.o ', 'gcc -', 'g++ ', 'clang', 'curl ', 'wget '];

/** Schemes of the URL that a miner is given for its pool, as variants and transports. */
const STRATUM: readonly (readonly [reference: string, variants: string, transports: string])[] = [
  [XMRIG_URL, 'stratum', '+tcp +ssl'],
  [XMRIG_URL, 'daemon', '+http +https'],
  [ETHMINER, 'stratum stratum1 stratum2 stratum3', '+tcp +ssl +tls +tls12'],
  [NBMINER, 'stratum ethproxy ethnh nicehash', '+tcp +ssl'],
  [BZMINER, 'ethstratum', '+tcp +ssl'],
];

/** Schemes without a transport, and one that only Sigma names. */
const SCHEMES: readonly (readonly [scheme: string, reference: string])[] = [
  ['stratum://', ETHMINER],
  ['stratums://', ETHMINER],
  ['stratumss://', ETHMINER],
  ['stratum+udp://', ETHMINER],
];

/** Options and scripts of miners. */
const OPTIONS: readonly Entry[] = [
  { value: '--donate-level', confidence: 'high', reference: XMRIG, excludes: READERS },
  { value: '--donate-over-proxy', confidence: 'high', reference: XMRIG, excludes: READERS },
  { value: ' --algo=rx/0', confidence: 'high', reference: XMRIG, note: 'RandomX, the algorithm of Monero' },
  { value: ' --algo rx/0', confidence: 'high', reference: XMRIG, note: 'RandomX, the algorithm of Monero' },
  { value: ' -a rx/0', confidence: 'high', reference: XMRIG, note: 'RandomX, the algorithm of Monero' },
  { value: '--coin=monero', confidence: 'medium', reference: XMRIG, excludes: READERS },
  { value: '--coin monero', confidence: 'medium', reference: XMRIG, excludes: READERS },
  { value: '--randomx-1gb-pages', confidence: 'high', reference: XMRIG, excludes: READERS },
  { value: '--randomx-wrmsr', confidence: 'high', reference: XMRIG, excludes: READERS },
  { value: '--randomx-no-rdmsr', confidence: 'high', reference: XMRIG, excludes: READERS },
  { value: '--cpu-max-threads-hint', confidence: 'high', reference: XMRIG, excludes: READERS },
  { value: ' --cpu-priority=', confidence: 'medium' },
  { value: ' --cpu-priority ', confidence: 'medium', reference: XMRIG, excludes: READERS },
  { value: ' --nicehash', confidence: 'medium', excludes: READERS },
  { value: ' -o pool.', confidence: 'medium', excludes: BUILDERS },
  {
    value: 'sh -c /sbin/modprobe msr allow_writes=on',
    confidence: 'medium',
    note: 'what XMRig runs to speed up RandomX',
  },
  {
    value: '-epool *-ewal ',
    confidence: 'high',
    reference: CLAYMORE,
    note: "pool and wallet of Claymore's miner and PhoenixMiner",
  },
  {
    value: '--algorithm *--pool *--wallet ',
    confidence: 'high',
    reference: 'https://github.com/doktor83/SRBMiner-Multi/blob/master/Parameters',
    note: 'SRBMiner',
  },
  {
    value: 'setup_moneroocean_miner',
    confidence: 'high',
    reference: 'https://github.com/MoneroOcean/xmrig_setup',
    note: 'script that installs XMRig as a service; intruders use it',
    excludes: READERS,
  },
  {
    value: 'setup_c3pool_miner',
    confidence: 'high',
    reference: 'https://github.com/C3Pool/xmrig_setup',
    note: 'script that installs XMRig as a service; intruders use it',
    excludes: READERS,
  },
  {
    value: 'github.com/xmrig/xmrig/releases/download/',
    confidence: 'medium',
    reference: 'https://github.com/xmrig/xmrig',
    note: 'fetches XMRig',
  },
];

const ENCODED = ['stratum+tcp://', 'stratum+ssl://', 'stratum+udp://', '--donate-level='];

function encodedEntries(): Entry[] {
  return ENCODED.flatMap((text) =>
    (['utf8', 'utf16le'] as const).flatMap((encoding) =>
      base64Forms(text, encoding).map(
        (value): Entry => ({
          value,
          confidence: 'high',
          reference: XMRIG,
          ...(text.startsWith('stratum') ? { category: 'stratum' } : {}),
          note: `${text} in base64${encoding === 'utf16le' ? ', as PowerShell encodes commands' : ''}`,
        }),
      ),
    ),
  );
}

/** Each scheme once, under the first miner that has it. */
function stratumEntries(): Entry[] {
  const composed = STRATUM.flatMap(([reference, variants, transports]) =>
    variants
      .split(' ')
      .flatMap((variant) =>
        transports.split(' ').map((transport): [string, string] => [`${variant}${transport}://`, reference]),
      ),
  );
  const entries = new Map<string, Entry>();
  for (const [value, reference] of [...composed, ...SCHEMES]) {
    if (entries.has(value)) continue;
    entries.set(value, { value, confidence: 'high', category: 'stratum', reference, excludes: READERS });
  }
  return [...entries.values()];
}

/** Parts of command lines that start a miner. */
export function commandLineRows(published: SigmaTexts): Row[] {
  return entryRows('process', [...stratumEntries(), ...OPTIONS, ...encodedEntries()], published);
}

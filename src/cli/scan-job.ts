/** The thread of one job of a scan: sifts the lots it is sent, in order. */
import { parentPort, workerData } from 'node:worker_threads';
import { compile } from '../lookups/compile.ts';
import { NOTHING_LEARNED } from '../lookups/learned.ts';
import { createPrefilter } from '../matcher/prefilter.ts';
import { createSifter } from '../matcher/sift.ts';
import type { JobData } from './scan-jobs.ts';
import { type Lot, type SiftedLot, siftLot } from './scan-lots.ts';

const { lookups, policy, learned } = workerData as JobData;
// What has expired only makes more lines doubtful: the matcher, which knows the day, decides.
const sifter = createSifter(compile(lookups, ''), policy);
const prefilter = createPrefilter(sifter, { ...NOTHING_LEARNED, addresses: learned });

function sifted({ memory, ...lot }: Lot): SiftedLot | undefined {
  try {
    // What was a Buffer comes as plain bytes.
    return siftLot({ ...lot, memory: Buffer.from(memory.buffer) }, prefilter);
  } catch {
    return undefined;
  }
}

parentPort?.on('message', (lot: Lot) => parentPort?.postMessage(sifted(lot), []));
parentPort?.postMessage('ready', []);

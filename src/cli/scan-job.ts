/** The thread of one job of a scan: sifts the blocks it is sent, in order. */
import { parentPort, workerData } from 'node:worker_threads';
import { compile } from '../lookups/compile.ts';
import { NOTHING_LEARNED } from '../lookups/learned.ts';
import { createPrefilter } from '../matcher/prefilter.ts';
import { createSifter } from '../matcher/sift.ts';
import { siftBlock } from '../sources/prefilter.ts';
import type { JobData } from './scan-jobs.ts';

const { lookups, policy, learned } = workerData as JobData;
// What has expired only makes more lines doubtful: the matcher, which knows the day, decides.
const sifter = createSifter(compile(lookups, ''), policy);
const prefilter = createPrefilter(sifter, { ...NOTHING_LEARNED, addresses: learned });

parentPort?.on('message', ({ buffer, byteOffset, byteLength }: Uint8Array<SharedArrayBuffer>) => {
  parentPort?.postMessage(siftBlock(Buffer.from(buffer, byteOffset, byteLength), prefilter), []);
});

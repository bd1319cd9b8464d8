import { Worker } from 'node:worker_threads';
import type { Tables } from '../lookups/compile.ts';
import type { LearnedTable } from '../lookups/learned.ts';
import type { Lookup } from '../lookups/parse.ts';
import { createPrefilter } from '../matcher/prefilter.ts';
import { createSifter } from '../matcher/sift.ts';
import type { Policy } from '../model/policy.ts';
import { type SiftBlocks, type Sifted, type SiftedBlock, siftHere } from '../sources/prefilter.ts';

/** What a job has to know. */
export interface JobData {
  readonly lookups: readonly Lookup[];
  readonly policy: Policy;
  /** Addresses. */
  readonly learned: ReadonlySet<string>;
}

export interface JobOptions {
  readonly jobs: number;
  readonly tables: Tables;
  readonly policy: Policy;
  readonly learned: LearnedTable;
}

/** Sifts blocks, and ends its threads. */
export interface Jobs {
  readonly sift: SiftBlocks;
  close(): Promise<void>;
}

/** Blocks that a job has before it, so that it need not wait. */
const AHEAD = 3;
const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './scan-job.ts' : './scan-job.js', import.meta.url);

/** One job sifts in this thread; more of them have a thread each, beside it. Blocks come back in order, however many. */
export function openJobs({ jobs, tables, policy, learned }: JobOptions): Jobs {
  if (jobs === 1) {
    const prefilter = createPrefilter(createSifter(tables, policy), learned);
    return { sift: siftHere(prefilter), close: () => Promise.resolve() };
  }
  const workerData: JobData = { lookups: tables.lookups, policy, learned: learned.addresses };
  const threads = Array.from({ length: jobs }, () => openThread(workerData));
  let turn = 0;
  const siftNext = async (block: Buffer | undefined): Promise<SiftedBlock | undefined> => {
    if (block === undefined) return undefined;
    const thread = threads[turn];
    turn = (turn + 1) % threads.length;
    return thread && { block, ...(await thread.sift(block)) };
  };
  return {
    sift: (blocks) => inOrder(blocks, siftNext, jobs * AHEAD),
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}

/** Begins with blocks while others are under way, and gives the outcomes in order; at the end what there is, then why. */
async function* inOrder(
  blocks: AsyncIterable<Buffer | undefined>,
  siftNext: (block: Buffer | undefined) => Promise<SiftedBlock | undefined>,
  ahead: number,
): AsyncGenerator<SiftedBlock | undefined, void, undefined> {
  const underWay: Promise<SiftedBlock | undefined>[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const block of blocks) {
      const outcome = siftNext(block);
      // Whoever waits for it is told.
      outcome.catch(() => undefined);
      underWay.push(outcome);
      if (underWay.length >= ahead) yield await underWay.shift();
    }
  } catch (error) {
    failure = { error };
  }
  for (const outcome of underWay) yield await outcome;
  if (failure !== undefined) throw failure.error;
}

interface Waiting {
  readonly resolve: (sifted: Sifted) => void;
  readonly reject: (error: unknown) => void;
}

function openThread(workerData: JobData) {
  const worker = new Worker(SCRIPT, { workerData });
  const waiting: Waiting[] = [];
  let failed: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failed = { error };
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  // It answers in the order it was asked.
  worker.on('message', (sifted: Sifted) => waiting.shift()?.resolve(sifted));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('A job of the scan ended before its work was done.')));
  return {
    sift: (block: Buffer) =>
      new Promise<Sifted>((resolve, reject) => {
        if (failed !== undefined) {
          reject(failed.error);
          return;
        }
        waiting.push({ resolve, reject });
        worker.postMessage(block, []);
      }),
    close: () => worker.terminate(),
  };
}

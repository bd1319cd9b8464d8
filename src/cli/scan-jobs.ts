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
/** Bytes that are given to a job at once, as far as they are whole lines. */
const LOT = 1_048_576;
const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './scan-job.ts' : './scan-job.js', import.meta.url);

/** One job sifts in this thread; more of them have a thread each, beside it. Blocks come back in order, however many. */
export function openJobs({ jobs, tables, policy, learned }: JobOptions): Jobs {
  if (jobs === 1) {
    const prefilter = createPrefilter(createSifter(tables, policy), learned);
    return { sift: siftHere(prefilter), close: () => Promise.resolve() };
  }
  const workerData: JobData = { lookups: tables.lookups, policy, learned: learned.addresses };
  const threads = Array.from({ length: jobs }, () => openThread(workerData));
  const lots = packed(threads.length * AHEAD + 1);
  return {
    sift: (blocks) => inOrder(lots(blocks), threads),
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}

/** Bytes that the threads see too. */
type Shared = Buffer<SharedArrayBuffer>;

/**
 * Copies blocks into memory that is shared, several into one lot of them, which is good until `lots` more have been
 * made. Where the blocks end with an error, what came before it is given first.
 */
function packed(lots: number) {
  const memory = Array.from({ length: lots }, () => new SharedArrayBuffer(LOT));
  let turn = 0;
  return async function* pack(
    blocks: AsyncIterable<Buffer | undefined>,
  ): AsyncGenerator<Shared | undefined, void, undefined> {
    let length = 0;
    const take = (): Shared => {
      const lot = Buffer.from(memory[turn] ?? new SharedArrayBuffer(0), 0, length);
      turn = (turn + 1) % lots;
      length = 0;
      return lot;
    };
    let failure: { readonly error: unknown } | undefined;
    try {
      for await (const block of blocks) {
        const size = block?.length ?? Infinity;
        if (length > 0 && length + size > LOT) yield take();
        if (block === undefined) {
          yield undefined;
          continue;
        }
        if (size > (memory[turn]?.byteLength ?? 0)) memory[turn] = new SharedArrayBuffer(size);
        Buffer.from(memory[turn] ?? new SharedArrayBuffer(size)).set(block, length);
        length += size;
      }
    } catch (error) {
      failure = { error };
    }
    if (length > 0) yield take();
    if (failure !== undefined) throw failure.error;
  };
}

/** Begins with blocks while others are under way, and gives the outcomes in order; at the end what there is, then why. */
async function* inOrder(
  blocks: AsyncIterable<Shared | undefined>,
  threads: readonly Thread[],
): AsyncGenerator<SiftedBlock | undefined, void, undefined> {
  const underWay: Promise<SiftedBlock | undefined>[] = [];
  let turn = 0;
  const begin = async (block: Shared | undefined): Promise<SiftedBlock | undefined> => {
    turn = (turn + 1) % threads.length;
    const sifted = await (block && threads[turn]?.sift(block));
    return block && sifted && { block, ...sifted };
  };
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const block of blocks) {
      const outcome = begin(block);
      // Whoever waits for it is told.
      outcome.catch(() => undefined);
      underWay.push(outcome);
      if (underWay.length >= threads.length * AHEAD) yield await underWay.shift();
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

interface Thread {
  sift(block: Shared): Promise<Sifted>;
  close(): Promise<unknown>;
}

function openThread(workerData: JobData): Thread {
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
    sift: (block) =>
      new Promise((resolve, reject) => {
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

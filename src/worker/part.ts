import { LeaseLost, MinecanaryError, SourceError } from '../model/errors.ts';
import type { Failure, Matched } from '../sinks/matched.ts';
import type { Candidate, ReadOptions, Source } from '../sources/source.ts';
import type { BatchOutcome, MatchedPage } from './batch.ts';
import { addCounts, type Counts, NOTHING_COUNTED } from './outcome.ts';
import type { WindowWriter } from './window-writer.ts';
import type { Part } from './windows.ts';

/** Matched events that are held at once. */
const BATCH = 2000;

export interface PartOptions {
  readonly source: Source;
  readonly match: (candidates: readonly Candidate[]) => MatchedPage;
  /** A dry run only looks at what there is to write. */
  readonly writer: WindowWriter;
  readonly read: ReadOptions;
  /** Ends the pass after the batch at hand. */
  readonly signal: AbortSignal;
  /** Told after each page. */
  readonly progress: (counts: Counts) => void;
}

export interface PartOutcome {
  readonly counts: Counts;
  readonly failures: readonly Failure[];
  readonly refused: readonly Failure[];
  /** False where the pass was stopped, so that the part is not settled. */
  readonly complete: boolean;
}

/** Raised where documents of a part could not be written now, but may be later: the checkpoint stays before it. */
export class Unsettled extends MinecanaryError {
  readonly outcome: PartOutcome;

  constructor(outcome: PartOutcome) {
    const retryable = outcome.failures.filter((failure) => failure.retryable);
    const [first] = retryable;
    super(
      `${retryable.length} documents could not be written now (${first?.index}/${first?.id}: ${first?.reason}). ` +
        'The checkpoint stays before them; the next pass tries again.',
      { code: 'unsettled', retryable: true },
    );
    this.outcome = outcome;
  }
}

/**
 * Reads one part, matches it and writes what it amounts to.
 *
 * @throws Unsettled where a failure may pass by itself.
 */
export async function runPart(part: Part, options: PartOptions): Promise<PartOutcome> {
  const { source, match, writer, read, signal, progress } = options;
  let counts: Counts = { ...NOTHING_COUNTED, seen: part.documents };
  const failures: Failure[] = [];
  const refused: Failure[] = [];
  let batch: Matched[] = [];

  function take(written: BatchOutcome): void {
    counts = addCounts(counts, {
      ...NOTHING_COUNTED,
      ...written.counts,
      failed: written.failures.length,
      refused: written.refused.length,
    });
    failures.push(...written.failures);
    refused.push(...written.refused);
  }
  async function flush(): Promise<void> {
    if (batch.length > 0) take(await writer.add(batch));
    batch = [];
  }

  for await (const page of source.read(part.window, read)) {
    const { matched, excepted } = match(page);
    counts = addCounts(counts, { ...NOTHING_COUNTED, candidates: page.length, matched: matched.length, excepted });
    batch.push(...matched);
    if (batch.length >= BATCH) await flush();
    progress(counts);
    if (signal.aborted) break;
  }
  await flush();
  take(await writer.finish());
  progress(counts);
  const outcome = { counts, failures, refused, complete: !signal.aborted };
  if (failures.some(({ retryable }) => retryable)) throw new Unsettled(outcome);
  return outcome;
}

/** Whether an error ends the work on one source only, so that the others go on. */
export function endsOneSource(error: unknown): error is MinecanaryError {
  return (
    error instanceof SourceError || error instanceof LeaseLost || (error instanceof MinecanaryError && error.retryable)
  );
}

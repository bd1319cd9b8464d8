import { LeaseLost, MinecanaryError, SourceError } from '../model/errors.ts';
import { placeKey } from '../model/place.ts';
import type { Failure, Matched } from '../sinks/matched.ts';
import type { Candidate, ReadOptions, Source, Window } from '../sources/source.ts';
import { type BatchOutcome, type MatchedPage, notAmong } from './batch.ts';
import type { PassLearning, Relook } from './learning.ts';
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
  readonly learning: PassLearning;
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
 * Reads one part, matches it and writes what it amounts to. Where answers led to addresses that were not known before,
 * it is looked over once more for connections to those, and with it what arrived before the answers.
 *
 * @throws Unsettled where a failure may pass by itself.
 */
export async function runPart(part: Part, options: PartOptions): Promise<PartOutcome> {
  const { source, match, writer, learning, read, signal, progress } = options;
  const tray = createTray(writer, part.documents);
  /** Events that a learned address was found in at the first look. */
  const recalled = new Set<string>();
  for await (const page of source.read(part.window, { ...read, learned: learning.known() })) {
    const { matched, excepted } = match(page);
    learning.take(matched);
    for (const one of matched) if (isRecalled(one)) recalled.add(keyOf(one));
    await tray.add(matched, { candidates: page.length, matched: matched.length, excepted });
    progress(tray.counts());
    if (signal.aborted) break;
  }
  await lookAgain(part, options, tray, recalled);
  return close(tray, options);
}

/**
 * Looks over a window that was read, for what matches by addresses that were learned meanwhile.
 *
 * @throws Unsettled where a failure may pass by itself.
 */
export async function runRelook(window: Window, options: PartOptions): Promise<PartOutcome> {
  const tray = createTray(options.writer, 0);
  await lookAgain({ window, documents: 0 }, options, tray, new Set());
  return close(tray, options);
}

async function lookAgain(
  { window, documents }: Pick<Part, 'window' | 'documents'>,
  { source, match, learning, read, signal, progress }: PartOptions,
  tray: Tray,
  recalled: ReadonlySet<string>,
): Promise<void> {
  const relook = signal.aborted ? undefined : learning.settle();
  if (relook === undefined) return;
  const again = new Set<string>();
  for await (const page of readAgain(source, window, read, relook)) {
    const matched = match(page).matched.filter((one) => isRecalled(one) && !again.has(keyOf(one)));
    for (const one of matched) again.add(keyOf(one));
    const found = matched.filter((one) => isByLearnedAlone(one) && !recalled.has(keyOf(one))).length;
    // Of a small window every event was a candidate before.
    const candidates = Math.max(Math.min(found, documents - tray.counts().candidates), 0);
    await tray.add(matched, { candidates, matched: found, excepted: 0 });
    progress(tray.counts());
    if (signal.aborted) break;
  }
}

async function close(tray: Tray, { signal, progress }: PartOptions): Promise<PartOutcome> {
  await tray.finish();
  progress(tray.counts());
  const outcome = { ...tray.outcome(), complete: !signal.aborted };
  if (outcome.failures.some(({ retryable }) => retryable)) throw new Unsettled(outcome);
  return outcome;
}

/** The window and, but for a range that somebody asked for, all of the time in which connections count. */
async function* readAgain(
  source: Source,
  window: Window,
  { plan = 'auto' }: ReadOptions,
  { learned, range }: Relook,
): AsyncGenerator<readonly Candidate[]> {
  const options: ReadOptions = { plan, learned, learnedOnly: true };
  yield* source.read(window, options);
  if (window.by === 'arrival') yield* source.read({ by: 'timestamp', range }, options);
}

function isRecalled({ evidence }: Matched): boolean {
  return evidence.matches.some(({ answerTo }) => answerTo !== undefined);
}

/** It matches nothing else, so that it was not among what matched before. */
function isByLearnedAlone({ evidence }: Matched): boolean {
  return evidence.matches.every(({ answerTo }) => answerTo !== undefined);
}

function keyOf({ place }: Matched): string {
  return placeKey(place);
}

type Tray = ReturnType<typeof createTray>;

/** Holds matched events until there are enough to be written, and what came of those that were. */
function createTray(writer: WindowWriter, seen: number) {
  let counts: Counts = { ...NOTHING_COUNTED, seen };
  const failures: Failure[] = [];
  const refused: Failure[] = [];
  let batch: readonly Matched[] = [];

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
  return {
    counts: () => counts,
    outcome: () => ({ counts, failures, refused }),
    /** An event that is held already is held as it is now. */
    async add(matched: readonly Matched[], more: Pick<Counts, 'candidates' | 'matched' | 'excepted'>): Promise<void> {
      counts = addCounts(counts, { ...NOTHING_COUNTED, ...more });
      batch = [...batch.filter(notAmong(matched)), ...matched];
      if (batch.length >= BATCH) await flush();
    },
    async finish(): Promise<void> {
      await flush();
      take(await writer.finish());
    },
  };
}

/** Whether an error ends the work on one source only, so that the others go on. */
export function endsOneSource(error: unknown): error is MinecanaryError {
  return (
    error instanceof SourceError || error instanceof LeaseLost || (error instanceof MinecanaryError && error.retryable)
  );
}

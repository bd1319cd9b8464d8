import { stat } from 'node:fs/promises';
import { createLearning, type LearnedTable } from '../lookups/learned.ts';
import type { Matcher } from '../matcher/match.ts';
import { ConfigError } from '../model/errors.ts';
import type { EventLine, UnreadableLine } from '../sources/ndjson.ts';
import type { ClearLines } from '../sources/prefilter.ts';
import { STANDARD } from './scan-files.ts';

export interface LearnOptions {
  readonly lines: AsyncIterable<readonly (EventLine | UnreadableLine | ClearLines)[]>;
  /** Knows the lookups, and no learned addresses yet. */
  readonly matcher: Matcher;
  /** Of the input, for what is said of where an address was learned. */
  readonly name: string;
  /** Lines read. */
  readonly progress: (seen: number) => void;
}

/**
 * Refuses an input that can't be read twice.
 *
 * @throws ConfigError
 */
export async function checkRereadable(file: string): Promise<void> {
  const found = file === STANDARD ? undefined : await stat(file).catch(() => 'missing' as const);
  // What is missing is told by who opens it.
  if (found === 'missing' || found?.isFile() === true) return;
  const what = file === STANDARD ? 'standard input' : `${file}, which is no regular file,`;
  throw new ConfigError(
    `--learn reads its input twice, and ${what} can be read once only: write it to a file, and name that.`,
  );
}

/**
 * The addresses that the answers in the input lead to, wherever in it they stand. Lines that can't be read are passed
 * over: whoever reads them again names them.
 *
 * @throws SourceError where reading fails.
 */
export async function learnLines({ lines, matcher, name, progress }: LearnOptions): Promise<LearnedTable> {
  const learning = createLearning();
  let seen = 0;
  for await (const batch of lines) {
    for (const line of batch) {
      seen += 'count' in line ? line.count : 1;
      if ('reason' in line || 'count' in line) continue;
      const { lesson, scope } = matcher.match(line.event) ?? {};
      if (lesson === undefined || scope === undefined) continue;
      learning.add({ ...lesson, scope, event: `${name}:${line.number}` });
    }
    progress(seen);
  }
  return learning.table();
}

import type { Pass } from './pass.ts';
import { WINDOW_DOCUMENTS } from './windows.ts';
import type { Job } from './worker.ts';

/** Matching events of one part: some seconds of writing, which another worker may take over. */
const MATCHING = 5000;
const FEWEST_DOCUMENTS = 10_000;
/** A pass over fewer documents has one part, whatever matches. */
const SMALL_PASS = 50_000;

/**
 * Documents that each part of a pass should hold: where much matches, by a look at some of the events, smaller parts
 * hold memory down and let other workers help.
 *
 * @param documents of the whole pass.
 */
export async function chooseMost(
  { source, matcher }: Job,
  { range, window, read }: Pass,
  documents: number,
): Promise<number> {
  if (documents <= SMALL_PASS) return WINDOW_DOCUMENTS;
  const events = await source.sample(window(range), read);
  const matching = events.filter((event) => matcher.match(event, undefined) !== undefined).length;
  if (matching === 0) return WINDOW_DOCUMENTS;
  const most = Math.round((MATCHING * events.length) / matching);
  return Math.min(WINDOW_DOCUMENTS, Math.max(FEWEST_DOCUMENTS, most));
}

import { reasonOf, refusalOfError } from '../elastic/errors.ts';
import type { Note } from './fields.ts';

/**
 * Does what can be done without: what Elasticsearch refuses for good becomes a note, and the answer is undefined.
 *
 * @param tell the note, of the reason.
 */
export async function orNote<T>(
  notes: Note[],
  index: string,
  tell: (reason: string) => string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (refusalOfError(error) !== 'permanent') throw error;
    // Behind the first line there may be a whole script.
    const [reason = ''] = reasonOf(error).split('\n', 1);
    notes.push({ index, note: tell(reason) });
    return undefined;
  }
}

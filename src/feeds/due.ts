import type { Feed } from '../model/feed.ts';
import { parseTime } from '../model/time.ts';
import type { FeedState } from './store.ts';

/** After a failure a feed is tried again sooner. */
const AFTER_FAILURE_MS = 900_000;

/**
 * Whether a feed's turn has come. The state is what all workers with the same folder know: of several, one fetches.
 *
 * @param now milliseconds since 1970 UTC.
 */
export function isDue(state: FeedState | undefined, { every }: Pick<Feed, 'every'>, now: number): boolean {
  const tried = parseTime(state?.tried);
  if (tried === undefined || tried > now) return true;
  return now - tried >= (state?.failure === undefined ? every : Math.min(every, AFTER_FAILURE_MS));
}

import { setTimeout as sleep } from 'node:timers/promises';
import { errors } from '@elastic/elasticsearch';
import { MinecanaryError } from '../model/errors.ts';

/** Answers to a request that a smaller one may escape. */
const TOO_MUCH = new Set([
  'circuit_breaking_exception',
  'es_rejected_execution_exception',
  'too_many_buckets_exception',
  'timeout_exception',
  'receive_timeout_transport_exception',
  'task_cancelled_exception',
]);
const TOO_MANY_BUCKETS = 'too_many_buckets_exception';
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;
/** Fewer buckets are not asked for. */
const LEAST_BUCKETS = 500;

/** `code` of the error for a search that ended before it had seen everything. */
export const TIMED_OUT = 'search_timed_out';

/**
 * Whether a request was too much at once for the server, or its answer for the client: the half of it may be borne, now
 * or a little later.
 */
export function isTooMuch(error: unknown): boolean {
  if (error instanceof MinecanaryError) return error.code === TIMED_OUT || isTooMuch(error.cause);
  // The client ends an answer that is longer than a text may be.
  if (error instanceof errors.TimeoutError || error instanceof errors.RequestAbortedError) return true;
  return error instanceof errors.ResponseError && typesOf(error.body).some((type) => TOO_MUCH.has(type));
}

/** Waits, the longer the more often something was too much. */
export async function backOff(attempt: number): Promise<void> {
  await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
}

/** Asks for fewer buckets as long as they are more than the server gives; tells how many it gave in the end. */
export async function withFewerBuckets<T>(
  size: number,
  ask: (size: number) => Promise<T>,
): Promise<{ readonly answer: T; readonly size: number }> {
  try {
    return { answer: await ask(size), size };
  } catch (error) {
    const tooMany = error instanceof errors.ResponseError && typesOf(error.body).includes(TOO_MANY_BUCKETS);
    if (!tooMany || size <= LEAST_BUCKETS) throw error;
    return withFewerBuckets(Math.max(LEAST_BUCKETS, Math.floor(size / 4)), ask);
  }
}

/** Types of an error and of all that it came of, on whatever shard. */
function typesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(typesOf);
  if (typeof value !== 'object' || value === null) return [];
  const { type, error, root_cause, caused_by, failed_shards, reason } = value as Record<string, unknown>;
  const own = typeof type === 'string' ? [type] : [];
  return [...own, ...[error, root_cause, caused_by, failed_shards, reason].flatMap(typesOf)];
}

import type { Client, estypes } from '@elastic/elasticsearch';
import { SourceError } from '../model/errors.ts';
import { TIMED_OUT } from './too-much.ts';

/** What answers have that come of shards. */
export interface OfShards {
  readonly timed_out?: boolean;
  readonly _shards?: Pick<estypes.ShardStatistics, 'failed' | 'total'> | undefined;
}

/**
 * Passes on an answer that is whole.
 *
 * @throws SourceError where a shard is missing from it, or the time ran out: what it holds may not be all.
 */
export function whole<T extends OfShards>(answer: T): T {
  const { timed_out: isLate = false, _shards: shards } = answer;
  if (!isLate && (shards?.failed ?? 0) === 0) return answer;
  const what = isLate ? 'ran out of time' : `lost ${shards?.failed} of ${shards?.total} shards`;
  throw new SourceError(`An answer of Elasticsearch ${what}, and counts as none. It is asked for again.`, {
    code: isLate ? TIMED_OUT : 'search_partial',
    retryable: true,
  });
}

/**
 * Makes what was written visible to searches. Elasticsearch answers with 200 where a shard could not.
 *
 * @throws SourceError where one is missing.
 */
export async function refresh(client: Client, index: string): Promise<void> {
  whole(await client.indices.refresh({ index }));
}

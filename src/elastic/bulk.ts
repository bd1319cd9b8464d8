import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, estypes } from '@elastic/elasticsearch';
import { type ErrorCause, type Refusal, reasonOf, refusalOf, sinkError, statusOf } from './errors.ts';

/** One write of a bulk request. */
export interface BulkOperation {
  readonly action: estypes.BulkOperationContainer;
  /** The document, or `{ doc }` of an update. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What became of one write, in the order of the operations. */
export type BulkOutcome =
  | { readonly result: 'created' | 'updated' | 'noop'; readonly seqNo: number; readonly primaryTerm: number }
  | { readonly result: Refusal; readonly reason: string };

/** A request holds at most this many writes, and about this many characters. */
const MOST_OPERATIONS = 1000;
const MOST_CHARACTERS = 5_000_000;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 250;
const TOO_MANY_REQUESTS = 429;

function* requests(lines: readonly string[][]): Generator<string[]> {
  let request: string[] = [];
  let characters = 0;
  for (const pair of lines) {
    const length = pair.reduce((sum, line) => sum + line.length, 0);
    if (request.length > 0 && (request.length >= 2 * MOST_OPERATIONS || characters + length > MOST_CHARACTERS)) {
      yield request;
      request = [];
      characters = 0;
    }
    request.push(...pair);
    characters += length;
  }
  if (request.length > 0) yield request;
}

function outcomeOf(item: estypes.BulkResponseItem): BulkOutcome {
  if (item.error !== undefined) {
    const cause: ErrorCause = item.error;
    return { result: refusalOf(cause, item.status), reason: `${cause.type}: ${cause.reason ?? 'no reason given'}` };
  }
  const result = item.result === 'created' || item.result === 'noop' ? item.result : 'updated';
  return { result, seqNo: item._seq_no ?? -1, primaryTerm: item._primary_term ?? -1 };
}

/** @param last an overload that refuses the whole request ends the work; otherwise it refuses each write for now. */
async function send(client: Client, lines: readonly string[], last: boolean): Promise<BulkOutcome[]> {
  try {
    const response = await client.bulk({ operations: [...lines] });
    return response.items.map((item) => outcomeOf(Object.values(item)[0] as estypes.BulkResponseItem));
  } catch (error) {
    if (last || statusOf(error) !== TOO_MANY_REQUESTS) throw sinkError('Writing to Elasticsearch', error);
    return Array.from({ length: lines.length / 2 }, () => ({ result: 'retryable', reason: reasonOf(error) }));
  }
}

/** The writes that are to be tried again, by their position. */
export type Again = (waiting: readonly number[]) => Promise<readonly number[]>;

/**
 * Writes in bulk. Refusals that may pass are tried again with growing pauses, and stand as `retryable` when they stay.
 *
 * @param stillDue asked before each repetition: what it leaves out is not tried again.
 * @throws SinkError where a whole request fails.
 */
export async function bulk(
  client: Client,
  operations: readonly BulkOperation[],
  stillDue: Again = (waiting) => Promise.resolve(waiting),
): Promise<BulkOutcome[]> {
  const lines = operations.map(({ action, body }) => [JSON.stringify(action), JSON.stringify(body)]);
  const outcomes: BulkOutcome[] = [];
  for (const request of requests(lines)) outcomes.push(...(await send(client, request, false)));
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const waiting = outcomes.flatMap(({ result }, i) => (result === 'retryable' ? [i] : []));
    if (waiting.length === 0) break;
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    const again = await stillDue(waiting);
    const retried: BulkOutcome[] = [];
    const last = attempt === ATTEMPTS - 1;
    for (const request of requests(again.map((i) => lines[i] ?? []))) {
      retried.push(...(await send(client, request, last)));
    }
    for (const [k, i] of again.entries()) {
      const outcome = retried[k];
      if (outcome !== undefined) outcomes[i] = outcome;
    }
  }
  return outcomes;
}

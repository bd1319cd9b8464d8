import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, estypes } from '@elastic/elasticsearch';
import { type ErrorCause, type Refusal, reasonOf, refusalOf, sinkError, statusOf } from './errors.ts';

/** One write of a bulk request. */
export interface BulkOperation {
  readonly action: estypes.BulkOperationContainer;
  /** The document, or `{ doc }` of an update; a delete has none. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** What became of one write, in the order of the operations; a delete of what is not there is a `noop`. */
export type BulkOutcome =
  | {
      readonly result: 'created' | 'updated' | 'deleted' | 'noop';
      readonly seqNo: number;
      readonly primaryTerm: number;
    }
  | { readonly result: Refusal; readonly reason: string };

/** A request holds at most this many writes, and about this many characters. */
const MOST_OPERATIONS = 1000;
const MOST_CHARACTERS = 5_000_000;
const AT_ONCE = 2;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 250;
const TOO_MANY_REQUESTS = 429;

/** A write as the lines of a bulk request. */
type Write = readonly string[];

function* requests(writes: readonly Write[]): Generator<Write[]> {
  let request: Write[] = [];
  let characters = 0;
  for (const write of writes) {
    const length = write.reduce((sum, line) => sum + line.length, 0);
    if (request.length > 0 && (request.length >= MOST_OPERATIONS || characters + length > MOST_CHARACTERS)) {
      yield request;
      request = [];
      characters = 0;
    }
    request.push(write);
    characters += length;
  }
  if (request.length > 0) yield request;
}

const RESULTS: Readonly<Record<string, 'created' | 'deleted' | 'noop'>> = {
  created: 'created',
  deleted: 'deleted',
  noop: 'noop',
  not_found: 'noop',
};

function outcomeOf(item: estypes.BulkResponseItem): BulkOutcome {
  if (item.error !== undefined) {
    const cause: ErrorCause = item.error;
    return { result: refusalOf(cause, item.status), reason: `${cause.type}: ${cause.reason ?? 'no reason given'}` };
  }
  return {
    result: RESULTS[item.result ?? ''] ?? 'updated',
    seqNo: item._seq_no ?? -1,
    primaryTerm: item._primary_term ?? -1,
  };
}

/** @param last an overload that refuses the whole request ends the work; otherwise it refuses each write for now. */
async function send(client: Client, writes: readonly Write[], last: boolean): Promise<BulkOutcome[]> {
  try {
    const response = await client.bulk({ operations: writes.flat() });
    return response.items.map((item) => outcomeOf(Object.values(item)[0] as estypes.BulkResponseItem));
  } catch (error) {
    if (last || statusOf(error) !== TOO_MANY_REQUESTS) throw sinkError('Writing to Elasticsearch', error);
    return writes.map(() => ({ result: 'retryable', reason: reasonOf(error) }));
  }
}

/** Two requests at once: while one is on its way, Elasticsearch is at the other. None is on its way at the end. */
async function sendAll(client: Client, writes: readonly Write[], last: boolean): Promise<BulkOutcome[]> {
  const outcomes: BulkOutcome[] = [];
  const waiting = [...requests(writes)];
  while (waiting.length > 0) {
    const sent = waiting.splice(0, AT_ONCE).map((request) => send(client, request, last));
    await Promise.allSettled(sent);
    for (const answered of sent) outcomes.push(...(await answered));
  }
  return outcomes;
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
  const writes = operations.map(({ action, body }) =>
    [action, ...(body === undefined ? [] : [body])].map((line) => JSON.stringify(line)),
  );
  const outcomes = await sendAll(client, writes, false);
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    const waiting = outcomes.flatMap(({ result }, i) => (result === 'retryable' ? [i] : []));
    if (waiting.length === 0) break;
    await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    const again = await stillDue(waiting);
    const due = again.map((i) => writes[i] ?? []);
    const retried = await sendAll(client, due, attempt === ATTEMPTS - 1);
    for (const [k, i] of again.entries()) {
      const outcome = retried[k];
      if (outcome !== undefined) outcomes[i] = outcome;
    }
  }
  return outcomes;
}

import { parseLookup } from '../lookups/parse.ts';
import { MinecanaryError } from '../model/errors.ts';
import type { Feed } from '../model/feed.ts';
import { isoTime } from '../model/time.ts';
import type { LookupFile, LookupRow } from '../schema/lookup.ts';
import { type FetchOptions, fetchFeed, type Validators } from './fetch.ts';
import { lookupText, type Made, makeRows } from './make.ts';
import { renewed, rowKey } from './rows.ts';
import { type FeedState, madeFile, readState, readText, sha256, stateFile, swapText } from './store.ts';

export interface UpdateOptions extends Pick<FetchOptions, 'env' | 'signal' | 'backoff'> {
  /** Where made lookups are kept; made if it is not there. */
  readonly folder: string;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  /** Fetch and judge, and write nothing. */
  readonly dryRun?: boolean;
}

/** What an update of one feed came to. */
export interface FeedUpdate {
  readonly name: string;
  readonly status: 'updated' | 'unchanged' | 'failed';
  /** Rows of the lookup as it is in use now, or would be. */
  readonly rows: number;
  readonly added: number;
  readonly removed: number;
  /** What was left out of the feed; absent where it was not read. */
  readonly left_out?: Pick<Made, 'bad' | 'guarded' | 'other' | 'duplicates' | 'expired' | 'examples'>;
  readonly error?: MinecanaryError;
}

/** The last good version of a made lookup. */
interface Last {
  readonly rows: readonly LookupRow[];
  /** YYYY-MM-DD. */
  readonly updated?: string;
  readonly text?: string;
  readonly state: FeedState | undefined;
}

const NEVER: Last = { rows: [], state: undefined };

/**
 * Fetches a feed, judges what came, and puts it in place of what was made of it before. Any failure leaves that as it
 * is, is returned, and is kept in the feed's state. Two updates at once do no harm: the later one counts.
 */
export async function updateFeed(feed: Feed, options: UpdateOptions): Promise<FeedUpdate> {
  let last = NEVER;
  try {
    last = await readLast(options.folder, feed);
    return await update(feed, options, last);
  } catch (error) {
    if (!(error instanceof MinecanaryError)) throw error;
    await noteFailure(feed, options, last, error);
    return { name: feed.name, status: 'failed', rows: last.rows.length, added: 0, removed: 0, error };
  }
}

async function update(feed: Feed, options: UpdateOptions, last: Last): Promise<FeedUpdate> {
  const { folder, now, dryRun } = options;
  const settings = settingsOf(feed);
  const today = isoTime(now).slice(0, 10);
  const fetched = await fetchFeed(feed, { ...options, validators: validatorsFor(last, settings) });
  const made = fetched.body === undefined ? undefined : makeRows(fetched.body, feed, last.rows, today);
  const rows = made?.rows ?? renewed(last.rows, feed, today);
  const changed = lookupText(feed, rows, last.updated ?? today) !== last.text;
  const text = changed || last.text === undefined ? lookupText(feed, rows, today) : last.text;
  if (dryRun !== true) {
    if (changed) await swapText(madeFile(folder, feed), text);
    await writeState(folder, feed, {
      tried: isoTime(now),
      succeeded: isoTime(now),
      changed: changed ? isoTime(now) : (last.state?.changed ?? isoTime(now)),
      validators: fetched.validators,
      settings,
      content: sha256(text),
      rows: rows.length,
    });
  }
  const status = changed ? 'updated' : 'unchanged';
  return { name: feed.name, status, rows: rows.length, ...difference(last.rows, rows), ...leftOut(made) };
}

/** Everything of a feed that says what is made of it: with other settings it is fetched anew, changed or not. */
function settingsOf(feed: Feed): string {
  return sha256(JSON.stringify(Object.entries(feed).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Only where the lookup is the very one the state tells of may a server's "nothing changed" be believed. */
function validatorsFor({ state, text }: Last, settings: string): Validators {
  if (state === undefined || text === undefined) return {};
  return state.settings === settings && state.content === sha256(text) ? state.validators : {};
}

/** A made lookup that somebody has damaged counts as none. */
async function readLast(folder: string, feed: Feed): Promise<Last> {
  const file = madeFile(folder, feed);
  const [state, text] = await Promise.all([readState(folder, feed), readText(file)]);
  if (text === undefined || parseLookup(text, file).lookup === undefined) return { ...NEVER, state };
  const { rows, updated } = JSON.parse(text) as LookupFile;
  return { rows, updated, text, state };
}

async function noteFailure(feed: Feed, options: UpdateOptions, { state }: Last, error: MinecanaryError): Promise<void> {
  if (options.dryRun === true || options.signal?.aborted === true) return;
  const before = state ?? { validators: {}, settings: settingsOf(feed), rows: 0 };
  const { code, message } = error;
  const tried = isoTime(options.now);
  // Where it can't be kept either, the failure that is returned says enough.
  await writeState(options.folder, feed, { ...before, tried, failure: { code, message } }).catch(() => undefined);
}

async function writeState(folder: string, feed: Feed, state: FeedState): Promise<void> {
  await swapText(stateFile(folder, feed), `${JSON.stringify(state, null, 2)}\n`);
}

function difference(before: readonly LookupRow[], now: readonly LookupRow[]): Pick<FeedUpdate, 'added' | 'removed'> {
  const old = new Set(before.map(rowKey));
  const added = now.filter((row) => !old.has(rowKey(row))).length;
  return { added, removed: before.length - (now.length - added) };
}

function leftOut(made: Made | undefined): Pick<FeedUpdate, 'left_out'> {
  if (made === undefined) return {};
  const { bad, guarded, other, duplicates, expired, examples } = made;
  return { left_out: { bad, guarded, other, duplicates, expired, examples } };
}

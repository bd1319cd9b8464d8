import { stat } from 'node:fs/promises';
import { compile, type Tables } from '../lookups/compile.ts';
import type { Lookup } from '../lookups/parse.ts';
import { MinecanaryError } from '../model/errors.ts';
import type { Feed } from '../model/feed.ts';
import { isoTime } from '../model/time.ts';
import type { ExceptionRow } from '../schema/exceptions.ts';
import type { Log } from '../telemetry/log.ts';
import { isDue } from './due.ts';
import { exceptionFiles, loadExceptions } from './exceptions.ts';
import { type LookupPlaces, loadLookups, lookupFiles, madeFiles } from './load.ts';
import { readState } from './store.ts';
import { type FeedUpdate, updateFeed } from './update.ts';
import { feedWarnings } from './warnings.ts';

export interface KeeperOptions extends LookupPlaces {
  readonly feeds?: readonly Feed[];
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** Keeps a long-running worker's tables and feeds up to date. */
export interface LookupKeeper {
  /**
   * The tables to match with now: compiled anew where a lookup file changed or the day did, the same object where no
   * indicator and no exception changed. While a file has faults the last good tables stay in use, and a warning tells it once.
   *
   * @throws LookupError where the lookups have never been good.
   */
  readonly current: () => Promise<Tables>;
  /** Updates the feeds that are due, one after the other, and tells failures. Never throws; one at a time. */
  readonly refresh: () => Promise<readonly FeedUpdate[]>;
}

interface Kept {
  readonly signature: string;
  readonly lookups: readonly Lookup[];
  readonly exceptions: readonly ExceptionRow[];
  readonly day: string;
  readonly tables: Tables;
}

/**
 * @param options the configuration is one, with log, environment and clock added.
 */
export function createLookupKeeper(options: KeeperOptions): LookupKeeper {
  const { log, now } = options;
  let kept: Kept | undefined;
  let told = '';
  let warned = false;
  let refreshing: Promise<readonly FeedUpdate[]> | undefined;

  const load = async (day: string): Promise<Kept> => {
    const signature = await signatureOf(options);
    if (kept?.signature === signature && kept.day === day) return kept;
    const same = kept?.signature === signature ? kept : undefined;
    const lookups = same?.lookups ?? (await loadLookups(options));
    const exceptions = same?.exceptions ?? (await loadExceptions(options.lookups));
    const tables = compile(lookups, day, exceptions);
    return { signature, lookups, exceptions, day, tables: newer(kept?.tables, tables) };
  };
  const current = async (): Promise<Tables> => {
    const day = isoTime(now()).slice(0, 10);
    try {
      kept = await load(day);
      told = '';
    } catch (error) {
      if (kept === undefined || !(error instanceof MinecanaryError)) throw error;
      if (error.message !== told)
        log.warn(`The lookups that were good before stay in use. ${error.message}`, { error });
      told = error.message;
      if (kept.day !== day) kept = { ...kept, day, tables: compile(kept.lookups, day, kept.exceptions) };
    }
    return kept.tables;
  };
  return {
    current,
    refresh: () => {
      if (!warned) for (const warning of feedWarnings(options.feeds ?? [], options.env)) log.warn(warning);
      warned = true;
      refreshing ??= refreshDue(options).finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
  };
}

/** The old ones where nothing that counts has changed. */
function newer(old: Tables | undefined, fresh: Tables): Tables {
  return old?.digest === fresh.digest && old.exceptions.digest === fresh.exceptions.digest ? old : fresh;
}

async function refreshDue({ feeds = [], feeds_folder, log, env, now, signal }: KeeperOptions): Promise<FeedUpdate[]> {
  const updates: FeedUpdate[] = [];
  if (feeds_folder === undefined) return updates;
  for (const feed of feeds) {
    if (signal?.aborted === true) break;
    try {
      if (!isDue(await readState(feeds_folder, feed), feed, now())) continue;
      const within = signal === undefined ? {} : { signal };
      const update = await updateFeed(feed, { folder: feeds_folder, env, now: now(), ...within });
      updates.push(update);
      if (update.error !== undefined) log.warn(update.error.message, { error: update.error });
      else log.info(`The feed ${update.name} is ${update.status}: ${update.rows} rows`);
    } catch (error) {
      log.error(`The feed ${feed.name} could not be updated`, { error });
    }
  }
  return updates;
}

/** Differs where a file of lookups or exceptions was added, removed, replaced or written to. */
async function signatureOf(places: LookupPlaces): Promise<string> {
  const { lookups } = places;
  const files = [...(await lookupFiles(lookups)), ...(await exceptionFiles(lookups)), ...(await madeFiles(places))];
  const marks = await Promise.all(
    files.map(async (file) => {
      const { mtimeMs, size, ino } = (await stat(file).catch(() => undefined)) ?? {};
      return [file, mtimeMs, size, ino];
    }),
  );
  return JSON.stringify(marks);
}

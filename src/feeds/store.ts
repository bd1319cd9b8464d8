import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { FeedError } from '../model/errors.ts';
import type { Feed } from '../model/feed.ts';
import type { Validators } from './fetch.ts';

/** What is known of a feed beside the lookup made of it. */
export interface FeedState {
  /** ISO date-times: when it was last tried, last fetched in good order, and last changed. */
  readonly tried: string;
  readonly succeeded?: string;
  readonly changed?: string;
  readonly failure?: { readonly code: string; readonly message: string };
  readonly validators: Validators;
  /** sha-256 of the feed's settings, and of the text of the lookup file the rest is about. */
  readonly settings: string;
  readonly content?: string;
  readonly rows: number;
}

/** Longer than any update takes: what is older was left behind by one that was ended. */
const STALE_MS = 3_600_000;

/** The lookup file made of a feed. */
export function madeFile(folder: string, { name }: Pick<Feed, 'name'>): string {
  return join(folder, `${name}.json`);
}

/** The state of a feed. Its name does not end as that of a lookup. */
export function stateFile(folder: string, { name }: Pick<Feed, 'name'>): string {
  return join(folder, `${name}.state`);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Undefined where there is none, or one that can't be read: the feed counts as never tried. */
export async function readState(folder: string, feed: Feed): Promise<FeedState | undefined> {
  try {
    const value = JSON.parse(await readFile(stateFile(folder, feed), 'utf8')) as Partial<FeedState> | null;
    if (typeof value?.tried !== 'string' || typeof value.settings !== 'string') return undefined;
    return { rows: 0, ...value, validators: value.validators ?? {}, tried: value.tried, settings: value.settings };
  } catch {
    return undefined;
  }
}

/** Undefined where there is no such file. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw storeError(file, error);
  }
}

/**
 * Puts the text in the place of the file's, whole or not at all: it is written beside it, brought to the disk, and
 * renamed. Whoever reads meanwhile, or after a crash, has the old text or the new.
 *
 * @throws FeedError `feed_store`.
 */
export async function swapText(file: string, text: string): Promise<void> {
  const beside = `${file}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await removeStale(file);
    const handle = await open(beside, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw storeError(file, error);
  }
}

/** Removes what an update that was ended has left beside the file. */
async function removeStale(file: string): Promise<void> {
  const folder = dirname(file);
  const left = (await readdir(folder)).filter((name) => name.startsWith(`${basename(file)}.`) && name.endsWith('.tmp'));
  for (const name of left) {
    const path = join(folder, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > STALE_MS) await rm(path, { force: true });
  }
}

function storeError(file: string, error: unknown): FeedError {
  const why = codeOf(error) ?? String(error);
  return new FeedError(`${file} can't be read or written (${why}). Check feeds_folder, its rights and its disk.`, {
    code: 'feed_store',
    cause: error,
    retryable: true,
  });
}

function codeOf(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error ? String(error.code) : undefined;
}

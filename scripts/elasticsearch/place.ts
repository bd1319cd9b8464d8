/** Where things lie, and as whom the server runs: Elasticsearch refuses to run as root. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Node drops the other groups itself when it starts a child under another user. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const NOBODY = 65534;

/** The caller, or the user without rights where the caller is root. */
export function serverUser(): ServerUser {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** Folder of the checkout with the state, data and log of the local server; MINECANARY_ES_FOLDER names another. */
export function localFolder(): string {
  return resolve(process.env.MINECANARY_ES_FOLDER || join(import.meta.dirname, '../../.elasticsearch'));
}

/**
 * Folder of what is downloaded once, made if need be: MINECANARY_CACHE, else the caller's cache folder. Root's own is
 * closed to the server's user as a rule; then it is the system's.
 */
export function cacheFolder(): string {
  const named = process.env.MINECANARY_CACHE;
  const usual = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'minecanary');
  const folder = [named ? resolve(named) : usual, ...(named ? [] : ['/var/cache/minecanary'])].find(reachable);
  if (folder !== undefined) return folder;
  throw new Error(
    `The user of the Elasticsearch server (uid ${NOBODY}) can't enter ${named ?? usual}: set MINECANARY_CACHE.`,
  );
}

/** Folder the server itself works in: `<folder>/node`, or one in the cache where the server's user can't come there. */
export function workFolder(folder: string): string {
  if (reachable(folder)) return join(folder, 'node');
  const servers = join(cacheFolder(), 'servers');
  reachable(servers);
  return join(servers, shortName(folder));
}

/** A short name that no other folder has, whoever asks. */
export function shortName(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 16);
}

/** Makes the folder and says whether the server's user can enter it. */
function reachable(folder: string): boolean {
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o755);
  return spawnSync('test', ['-x', folder], { ...serverUser(), cwd: '/' }).status === 0;
}

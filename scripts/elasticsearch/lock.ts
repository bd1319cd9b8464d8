import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 10 * 60_000;

/**
 * Runs `action` while no other process runs one under the same folder. The lock is `<folder>/lock`, a folder too; one
 * whose owner has died is broken. Waits for ten minutes at most, then throws.
 */
export async function withLock<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const lock = join(folder, 'lock');
  const deadline = Date.now() + PATIENCE_MS;
  mkdirSync(folder, { recursive: true });
  while (!take(lock)) {
    breakStale(lock);
    if (Date.now() > deadline) throw new Error(`${lock} has been held for ten minutes. Remove it if nothing runs.`);
    await sleep(200);
  }
  try {
    return await action();
  } finally {
    rmSync(lock, { recursive: true, force: true, maxRetries: 5 });
  }
}

function take(lock: string): boolean {
  if (!made(lock)) return false;
  writeFileSync(join(lock, 'owner'), `${process.pid} ${randomUUID()}`);
  return true;
}

/** One process at a time may break a lock, and it reads the owner again before: the lock may be a new one by then. */
function breakStale(lock: string): void {
  const owner = ownerOf(lock);
  const breaking = join(lock, 'breaking');
  if (owner === undefined || lives(owner) || !made(breaking)) return;
  if (ownerOf(lock) === owner) rmSync(lock, { recursive: true, force: true });
  else rmdirSync(breaking);
}

function made(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function ownerOf(lock: string): string | undefined {
  try {
    return readFileSync(join(lock, 'owner'), 'utf8') || undefined;
  } catch {
    return undefined;
  }
}

function lives(owner: string): boolean {
  try {
    process.kill(Number.parseInt(owner, 10), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

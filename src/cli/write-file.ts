import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { MinecanaryError } from '../model/errors.ts';

/**
 * Writes a file that is there as a whole or not at all.
 *
 * @param force overwrites one that is there.
 * @throws MinecanaryError where it can't be written, or is there already.
 */
export async function writeWhole(path: string, text: string, force: boolean): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link refuses to take the place of what is there.
    await (force ? rename(draft, path) : link(draft, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existsError(path);
    const reason = error instanceof Error ? error.message : String(error);
    throw new MinecanaryError(`${path} can't be written: ${reason}. Name another place.`, {
      code: 'file_unwritable',
      cause: error,
    });
  } finally {
    await rm(draft, { force: true });
  }
}

export function existsError(path: string): MinecanaryError {
  return new MinecanaryError(`${path} is there already. Name another with --out, or overwrite it with --force.`, {
    code: 'file_exists',
  });
}

import { readFileSync, statSync } from 'node:fs';
import { isNativeError } from 'node:util/types';

/** A file as the configuration reads it. */
export interface ReadFile {
  readonly text: string;
  /** Permission bits, 0o600 for instance; undefined where the system has none. */
  readonly mode: number | undefined;
}

/** Throws what the file system throws, with its `code`. */
export type Read = (path: string) => ReadFile;

export const readDisk: Read = (path) => {
  const mode = process.platform === 'win32' ? undefined : statSync(path).mode & 0o777;
  return { text: readFileSync(path, 'utf8'), mode };
};

/** Why a file can't be read, in plain words. */
export function readFailure(error: unknown): string {
  const code = isNativeError(error) && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read it';
  if (code === 'EISDIR') return 'it is a folder';
  return code === '' ? 'it could not be read' : `it could not be read (${code})`;
}

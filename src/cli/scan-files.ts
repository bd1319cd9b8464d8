import { type BigIntStats, fstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve as absolute } from 'node:path';
import type { Readable } from 'node:stream';
import { ConfigError } from '../model/errors.ts';
import { unreadable } from '../sources/ndjson.ts';
import { readFile } from './scan-input.ts';

/** Names standard input, or standard output. */
export const STANDARD = '-';

/**
 * The bytes to be scanned.
 *
 * @throws SourceError where there is no such file, or it can't be opened.
 */
export async function openInput(file: string): Promise<Readable> {
  if (file === STANDARD) return process.stdin;
  const stream = readFile(file);
  await new Promise<void>((resolve, reject) => {
    stream.once('error', (error) => reject(unreadable(error, file)));
    stream.once('readable', resolve);
  });
  return stream;
}

/**
 * Refuses outputs that would be written over the input, or over one another.
 *
 * @throws ConfigError
 */
export async function checkOutputs(
  file: string,
  { out, alerts }: { readonly out?: string; readonly alerts?: string },
): Promise<void> {
  const identity = async (path: string | undefined): Promise<string | undefined> => {
    if (path === undefined || path === STANDARD) return path;
    const found: BigIntStats | undefined = await stat(path, { bigint: true }).catch(() => undefined);
    if (found !== undefined) return found.isFile() ? `${found.dev} ${found.ino}` : undefined;
    return absolute(path);
  };
  const [written, raised] = [await identity(out), await identity(alerts)];
  if (written !== undefined && written === raised) {
    throw new ConfigError(`--out and --alerts are one and the same, ${out}: name two files.`);
  }
  const read = file === STANDARD ? standardInput() : await identity(file);
  for (const [flag, path, is] of [
    ['--out', out, written],
    ['--alerts', alerts, raised],
  ] as const) {
    if (is === undefined || path === STANDARD || is !== read) continue;
    throw new ConfigError(`${flag} ${path} is the file that is scanned: name another, so that no event is lost.`);
  }
}

function standardInput(): string | undefined {
  try {
    const { dev, ino } = fstatSync(0, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SinkError } from '../model/errors.ts';

/** Where lines of a scan go: all of them or, of a file, none. */
export interface LineSink {
  /** True once nobody reads it any more (a broken pipe): what is written is dropped. */
  readonly closed: boolean;
  /** Resolves when the sink can take more. */
  write(lines: readonly (Buffer | string)[]): Promise<void>;
  /** Makes what was written stand under its name. */
  finish(): Promise<void>;
  /** Takes back what was written, as far as it is in a file. After `finish` it does nothing. */
  discard(): Promise<void>;
}

/**
 * A file that comes into being, or is replaced, as a whole when it is finished: until then it is written under another
 * name beside it. What is no regular file (a device, a named pipe) is written to as it is.
 *
 * @throws SinkError where it can't be written.
 */
export async function openFileSink(path: string): Promise<LineSink> {
  const target = await realpath(path).catch(() => path);
  const present = await stat(target).catch(() => undefined);
  const direct = present !== undefined && !present.isFile();
  const written = direct
    ? target
    : join(dirname(target), `.${basename(target).slice(0, 200)}.${randomUUID().slice(0, 8)}.partial`);
  const file = await open(written, direct ? 'a' : 'wx', (present?.mode ?? 0o666) & 0o777).catch((error: unknown) => {
    throw unwritable(path, error);
  });
  let done = false;
  return {
    closed: false,
    async write(lines) {
      try {
        await file.appendFile(joined(lines));
      } catch (error) {
        throw unwritable(path, error);
      }
    },
    async finish() {
      try {
        if (!direct) await file.sync();
        await file.close();
        if (!direct) await rename(written, target);
        done = true;
      } catch (error) {
        throw unwritable(path, error);
      }
    },
    async discard() {
      if (done) return;
      await file.close().catch(() => undefined);
      if (!direct) await rm(written, { force: true });
    },
  };
}

/** Standard output, or a stream like it. Where its reader leaves, the sink closes and says nothing. */
export function openStreamSink(stream: NodeJS.WritableStream): LineSink {
  let closed = false;
  // Each write tells of its own failure; who listened before would end the process with it.
  stream.removeAllListeners('error').on('error', () => undefined);
  return {
    get closed() {
      return closed;
    },
    write: (lines) =>
      new Promise((resolve, reject) => {
        if (closed) {
          resolve();
          return;
        }
        stream.write(joined(lines), (error) => {
          if (error === null || error === undefined) resolve();
          else if (isBrokenPipe(error)) {
            closed = true;
            resolve();
          } else reject(unwritable('Standard output', error));
        });
      }),
    finish: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}

/** Whether a write failed because nobody reads any more. */
function isBrokenPipe(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}

/** Most batches of a scan are one run of lines that go through as they are: they are not copied. */
function joined(lines: readonly (Buffer | string)[]): Buffer {
  const [first, ...rest] = lines;
  return first !== undefined && rest.length === 0 ? bytesOf(first) : Buffer.concat(lines.map(bytesOf));
}

function bytesOf(line: Buffer | string): Buffer {
  return typeof line === 'string' ? Buffer.from(line) : line;
}

function unwritable(path: string, error: unknown): SinkError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'its folder does not exist',
    EACCES: 'this user may not write there',
    EISDIR: 'it is a folder. Name a file',
    ENOSPC: 'the disk is full',
    EDQUOT: "this user's share of the disk is full",
    EROFS: 'the disk is read-only',
  };
  return new SinkError(`${path} can't be written: ${known[code] ?? message}.`, {
    code: 'output_unwritable',
    cause: error,
    location: { file: path },
  });
}

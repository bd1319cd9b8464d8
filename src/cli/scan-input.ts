import { close, open, read } from 'node:fs';
import { Readable } from 'node:stream';

/** Bytes. */
const CHUNK = 262_144;
/** A stream holds fewer chunks that nobody has taken yet, with the one that unpacks it. */
const CHUNKS = 8;

/**
 * The bytes of a file, read into the same few chunks again and again: a chunk is good until the next one is asked for.
 * New ones for gigabytes would have to be cleared away by collecting garbage all the time.
 */
export function readFile(path: string): Readable {
  const chunks = Array.from({ length: CHUNKS }, () => Buffer.allocUnsafeSlow(CHUNK));
  let turn = 0;
  let file = -1;
  return new Readable({
    highWaterMark: CHUNK,
    construct(done) {
      open(path, (error, opened) => {
        if (error === null) file = opened;
        done(error);
      });
    },
    read() {
      const chunk = chunks[turn] ?? Buffer.alloc(CHUNK);
      turn = (turn + 1) % CHUNKS;
      read(file, chunk, 0, CHUNK, null, (error, length) => {
        if (error === null) this.push(length === 0 ? null : chunk.subarray(0, length));
        else this.destroy(error);
      });
    },
    destroy(error, done) {
      if (file < 0) done(error);
      else close(file, (failed) => done(error ?? failed));
    },
  });
}

import type { LogStream } from './log.ts';
import { plainText } from './plain.ts';

/** A stream that may be a terminal, such as `process.stderr`. */
export interface ProgressStream extends LogStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Progress extends LogStream {
  /** Shows `text` in place of what was shown before, at most ten times a second. */
  readonly update: (text: string) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

const INTERVAL = 100;
const ERASE_LINE = '\r\u001b[2K';

/**
 * One line that changes in place, on a terminal; nothing elsewhere. It is a stream too: what else goes to the same
 * terminal, the log for instance, is written through it and stays whole.
 *
 * @param now milliseconds on a clock that never goes back.
 */
export function createProgress(stream: ProgressStream, now: () => number = () => performance.now()): Progress {
  const terminal = stream.isTTY === true;
  let shown = false;
  let last = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (shown) stream.write(ERASE_LINE);
    shown = false;
  };
  return {
    update: (text) => {
      const time = now();
      if (!terminal || time - last < INTERVAL) return;
      last = time;
      shown = true;
      stream.write(ERASE_LINE + plainText(text).slice(0, (stream.columns ?? 80) - 1));
    },
    clear,
    write: (text) => {
      clear();
      return stream.write(text);
    },
  };
}

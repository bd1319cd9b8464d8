/** Where a fault lies: a file with a line, a JSON pointer into it, or an index with a document id. */
export interface Location {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** RFC 6901 JSON pointer into the file; '' is the whole document. */
  readonly pointer?: string;
  readonly index?: string;
  readonly id?: string;
}

export interface ErrorDetails {
  /** Short, stable, for programs: `config_invalid`. */
  readonly code: string;
  readonly cause?: unknown;
  /** True where the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  readonly location?: Location;
}

/** Base of every error minecanary raises on purpose. The message says what happened, where, why and what to do. */
export class MinecanaryError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly location: Location | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.retryable = details.retryable ?? false;
    this.location = details.location;
  }
}

/** One thing that is wrong in a file somebody wrote. */
export interface Fault {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly location: Location;
}

/** Base of errors that report many faults of input files at once, one a line. */
class FaultsError extends MinecanaryError {
  readonly faults: readonly Fault[];

  constructor(headline: string, code: string, faults: readonly Fault[]) {
    super([headline, ...faults.map(formatFault)].join('\n'), { code });
    this.faults = faults;
  }
}

/** The configuration can't be used. Exit code 2. */
export class ConfigError extends FaultsError {
  constructor(headline: string, faults: readonly Fault[] = []) {
    super(headline, 'config_invalid', faults);
  }
}

/** A lookup file can't be used. Exit code 2. */
export class LookupError extends FaultsError {
  constructor(headline: string, faults: readonly Fault[] = []) {
    super(headline, 'lookup_invalid', faults);
  }
}

/**
 * A feed can't be taken over; what was made of it before stays in use. Codes: `feed_http` (it can't be fetched),
 * `feed_content` (what came is no list of the given format), `feed_guard` (its rows are not to be trusted),
 * `feed_store` (what was made of it can't be kept).
 */
export class FeedError extends MinecanaryError {}

/** Events can't be read. */
export class SourceError extends MinecanaryError {}

/** Documents can't be written. */
export class SinkError extends MinecanaryError {}

/** Another worker holds the unit now; what this one still had to write for it must not be written. */
export class LeaseLost extends MinecanaryError {
  constructor(unit: string) {
    super(`The lease of unit ${unit} was taken over by another worker; this worker has stopped working on it.`, {
      code: 'lease_lost',
      retryable: true,
    });
  }
}

/** `file:line pointer: message`, leaving out what is not known. */
export function formatFault({ message, location }: Fault): string {
  return `  ${formatLocation(location)}: ${message}`;
}

/** `file:line pointer`, `index/id`, or `(unknown place)`. */
export function formatLocation({ file, line, pointer, index, id }: Location): string {
  const words: string[] = [];
  if (file !== undefined) words.push(line === undefined ? file : `${file}:${line}`);
  if (pointer !== undefined) words.push(pointer === '' ? '(top level)' : pointer);
  if (index !== undefined) words.push(id === undefined ? index : `${index}/${id}`);
  return words.length > 0 ? words.join(' ') : '(unknown place)';
}

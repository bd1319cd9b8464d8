/** A value of a feed before it is checked. */
export interface Draft {
  readonly value: string;
  /** What the feed says it is; undefined where it does not say, `other` for what no lookup is made of. */
  readonly type: 'domain' | 'address' | 'url' | 'hash' | 'other' | undefined;
  readonly port?: string | number;
  /** Moments as the feed writes them, as are the two below. */
  readonly first_seen?: unknown;
  readonly last_seen?: unknown;
  readonly expires?: unknown;
  readonly reference?: unknown;
  readonly note?: unknown;
  readonly transport?: string;
  /** Texts in which the words of `only` are looked for. */
  readonly labels: readonly string[];
}

/** What no check of single rows could tell: the feed is not in its format. The message follows "is refused: ". */
export class FormatFault extends Error {}

export type Json = Readonly<Record<string, unknown>>;

/** @throws FormatFault where the text is no JSON object or list. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below: the parser's own message quotes the text.
  }
  throw new FormatFault('it is no JSON, or was cut off');
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none where it is no list. */
export function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

/** All texts among the values, lists taken apart. */
export function textsOf(...values: readonly unknown[]): string[] {
  return values.flat().filter((value) => typeof value === 'string' && value !== '') as string[];
}

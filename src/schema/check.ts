import type { Fault, Location } from '../model/errors.ts';
import { compile, type Schema, type Validate } from './compile.ts';
import { type Explanation, explain, repeats } from './explain.ts';
import { type LineOf, parseText } from './parse.ts';

export type Checked<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/** With the line a pointer lies at, for faults that are found later. The first question reads the text anew. */
export type CheckedText<T> = { readonly value: T; readonly lineOf: LineOf } | { readonly faults: readonly Fault[] };

/** Pointers -> where each lies. Asked once, with all of them. */
export type Locate = (pointers: readonly string[]) => (pointer: string) => Location;

/** More faults than these are counted, not listed. */
export const MAX_FAULTS = 100;
const SLICE = 5000;
const compiled = new WeakMap<object, Validate>();

/**
 * The value a text holds, or all that is wrong with it, in the order of its lines. Never throws.
 *
 * @param file names the text in faults; its ending says whether it is JSON or YAML.
 */
export function checkText<T>(schema: Schema<T>, text: string, file: string): CheckedText<T> {
  const parsed = parseText(text, file);
  if ('faults' in parsed) return parsed;
  const checked = checkValue(schema, parsed.value, (pointers) => {
    const lines = parsed.locate(pointers);
    return (pointer) => {
      const line = lines.get(pointer);
      return line === undefined ? { file, pointer } : { file, line, pointer };
    };
  });
  return 'faults' in checked ? checked : { ...checked, lineOf: parsed.lineOf };
}

/**
 * The same for a value that is already parsed. The schema's defaults are filled in, into the value itself.
 */
export function checkValue<T>(schema: Schema<T>, value: unknown, locate: Locate): Checked<T> {
  const validate = compiled.get(schema) ?? compile(schema.json);
  compiled.set(schema, validate);
  const first: Explanation[] = [];
  let more = 0;
  for (const slice of slices(value, schema.rows)) {
    for (const error of validate(slice.value)) {
      const path = repeats(error) ? undefined : shift(error.instancePath, slice);
      if (path === undefined) continue;
      if (first.length < MAX_FAULTS) first.push(explain(error, path));
      else more += 1;
    }
  }
  return first.length === 0 ? { value: value as T } : { faults: locateFaults(first, more, locate) };
}

interface Slice {
  readonly value: unknown;
  /** `/rows/`; empty where the value was not cut. */
  readonly prefix: string;
  /** Index of its first row. */
  readonly start: number;
}

function* slices(value: unknown, rows: string | undefined): Generator<Slice> {
  const list = rows === undefined ? undefined : (value as Readonly<Record<string, unknown>> | null)?.[rows];
  if (rows === undefined || !Array.isArray(list) || list.length <= SLICE) {
    yield { value, prefix: '', start: 0 };
    return;
  }
  for (let start = 0; start < list.length; start += SLICE) {
    const part = { ...(value as object), [rows]: list.slice(start, start + SLICE) };
    yield { value: part, prefix: `/${rows}/`, start };
  }
}

/** The pointer in the whole value; undefined where it lies outside the rows and was told of the first slice. */
function shift(pointer: string, { prefix, start }: Slice): string | undefined {
  if (start === 0) return pointer;
  if (!pointer.startsWith(prefix)) return undefined;
  const [index = '', ...rest] = pointer.slice(prefix.length).split('/');
  return [`${prefix}${Number(index) + start}`, ...rest].join('/');
}

function locateFaults(first: readonly Explanation[], more: number, locate: Locate): Fault[] {
  const location = locate(first.map(({ pointer }) => pointer));
  const faults = first
    .map(({ pointer, message }): Fault => ({ severity: 'error', message, location: location(pointer) }))
    .sort((a, b) => (a.location.line ?? 0) - (b.location.line ?? 0));
  const file = location('').file;
  if (more > 0) {
    const message = `and ${more} more ${more === 1 ? 'fault' : 'faults'}`;
    faults.push({ severity: 'error', message, location: file === undefined ? {} : { file } });
  }
  return faults;
}

import type { Fault } from '../model/errors.ts';
import { scanJson } from './json.ts';
import { duplicateKeys, itemOffsets, offsetsOf } from './json-places.ts';
import { parseYaml } from './yaml.ts';

/** JSON pointer -> 1-based line. */
export type LineOf = (pointer: string) => number | undefined;

export type Parsed =
  | {
      readonly value: unknown;
      /** JSON pointers -> 1-based lines, read from the text anew: to be asked for once, with all pointers. */
      readonly locate: (pointers: readonly string[]) => ReadonlyMap<string, number>;
      /** The same for one pointer; cheap for the items of one list after the first. */
      readonly lineOf: LineOf;
    }
  | { readonly faults: readonly Fault[] };

/** Longest JSON text that is searched for keys that stand twice: files people write, not tables machines write. */
const DUPLICATES_UP_TO = 1_000_000;

/**
 * @param file its ending decides: `.json`, `.yml` or `.yaml`.
 * Never throws. No fault quotes more than one character of the text.
 */
export function parseText(text: string, file: string): Parsed {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (/\.json$/i.test(file)) return parseJson(plain, file);
  if (/\.ya?ml$/i.test(file)) return parseYaml(plain, file);
  const message = 'the name of the file must end in .json, .yml or .yaml';
  return { faults: [{ severity: 'error', message, location: { file } }] };
}

function parseJson(text: string, file: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { faults: [syntaxFault(text, file)] };
  }
  if (text.length <= DUPLICATES_UP_TO) {
    const faults = duplicateFaults(text, file);
    if (faults.length > 0) return { faults };
  }
  const locate = (pointers: readonly string[]) => {
    const line = lineCounter(text);
    return new Map(offsetsOf(text, pointers).map(([pointer, offset]) => [pointer, line(offset)]));
  };
  return { value, locate, lineOf: createLineOf(text, locate) };
}

function createLineOf(text: string, locate: (pointers: readonly string[]) => ReadonlyMap<string, number>): LineOf {
  const lists = new Map<string, readonly number[]>();
  return (pointer) => {
    const [, list, index] = /^(.*)\/(\d+)$/s.exec(pointer) ?? [];
    if (list === undefined) return locate([pointer]).get(pointer);
    let lines = lists.get(list);
    if (lines === undefined) {
      lines = itemOffsets(text, list).map(lineCounter(text));
      lists.set(list, lines);
    }
    return lines[Number(index)] ?? locate([pointer]).get(pointer);
  };
}

function duplicateFaults(text: string, file: string): Fault[] {
  const line = lineCounter(text);
  return duplicateKeys(text).map(({ pointer, offset }) => {
    const location = { file, line: line(offset), pointer };
    return { severity: 'error', message: 'this key stands twice; keep one', location };
  });
}

function syntaxFault(text: string, file: string): Fault {
  const fault = scanJson(text);
  const offset = fault?.offset ?? 0;
  const found = offset < text.length ? JSON.stringify(text[offset]) : 'the end of the file';
  const message = `this is not valid JSON: expected ${fault?.expected ?? 'JSON'}, found ${found}`;
  return { severity: 'error', message, location: { file, line: lineCounter(text)(offset) } };
}

/** Offset -> 1-based line; the offsets must be asked for in rising order. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let from = 0;
  return (offset) => {
    for (;;) {
      const end = text.indexOf('\n', from);
      if (end < 0 || end >= offset) return line;
      line += 1;
      from = end + 1;
    }
  };
}

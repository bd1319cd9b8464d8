import { type Document, type ErrorCode, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Fault } from '../model/errors.ts';
import type { Parsed } from './parse.ts';
import { pointerSteps } from './pointer.ts';

/** An alias may stand for this many nodes in all; more is a file that grows without bound as it is read. */
const MAX_ALIASES = 100;

const NO_ANCHOR = 'an alias (*name) has no anchor (&name) before it, stands inside it, or is malformed';

/** The parser's own messages may quote the text, which may hold a secret. */
const MESSAGES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: NO_ANCHOR,
  BAD_DQ_ESCAPE: 'a backslash in double quotes must start a known escape; use single quotes for plain backslashes',
  BAD_INDENT: 'the indentation does not fit the lines around it, or a bracket above is not closed',
  BAD_SCALAR_START: 'text that starts with this character must stand in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a key and its value must not be followed by another ":" on the line; put the text in quotes',
  DUPLICATE_KEY: 'this key stands twice; keep one',
  MISSING_CHAR: 'a closing quote, bracket, comma or ":" is missing',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line with its ":"; is a ":" or a space after it missing?',
  MULTIPLE_DOCS: 'the file holds more than one document (---); keep one',
  NON_STRING_KEY: 'a key must be text; put it in quotes',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply',
  TAB_AS_INDENT: 'a tab is used as indentation; use spaces',
  TAG_RESOLVE_FAILED: 'tags (!name) are not supported; write the plain value',
};

/** YAML 1.2, core schema: dates stay text, `yes` and `no` are text, tags and merge keys are not known. */
export function parseYaml(text: string, file: string): Parsed {
  const lines = new LineCounter();
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    version: '1.2',
    schema: 'core',
  } as const;
  try {
    const document = parseDocument(text, options);
    const fault = (message: string, offset: number): Fault => {
      return { severity: 'error', message, location: { file, line: lines.linePos(offset).line } };
    };
    const faults = [...document.errors, ...document.warnings].map(({ code, pos: [offset] }) =>
      fault(MESSAGES[code] ?? 'this is not valid YAML', offset),
    );
    if (faults.length === 0) faults.push(...looseAliases(document).map((offset) => fault(NO_ANCHOR, offset)));
    if (faults.length > 0) return { faults };
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const line = (pointer: string) => lineOf(document, lines, pointer);
    return { value, lineOf: line, locate: (pointers) => new Map(pointers.map((pointer) => [pointer, line(pointer)])) };
  } catch {
    const message = 'the file is nested too deeply, or its aliases (*name) stand for too much; write it out plainly';
    return { faults: [{ severity: 'error', message, location: { file } }] };
  }
}

/** Offsets of the aliases without an anchor before them, or inside what they stand for. */
function looseAliases(document: Document): number[] {
  const anchors = new Set<string>();
  const offsets: number[] = [];
  visit(document, {
    Value: (_key, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
    Alias: (_key, { source, range }, around) => {
      const within = around.some((node) => isNode(node) && 'anchor' in node && node.anchor === source);
      if (within || !anchors.has(source)) offsets.push(range?.[0] ?? 0);
    },
  });
  return offsets;
}

/** Line of the key a pointer names, else of the nearest thing around it. */
function lineOf(document: Document, lines: LineCounter, pointer: string): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const step of pointerSteps(pointer)) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else {
      break;
    }
  }
  return lines.linePos(offset).line;
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}

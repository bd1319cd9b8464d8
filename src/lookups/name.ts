import { domainToASCII } from 'node:url';

const LONGEST_NAME = 253;
const LONGEST_LABEL = 63;

/** Per ASCII code: 1 letter, digit, hyphen or underscore; 2 dot; 3 upper-case letter; 0 anything else. */
const CLASS = new Uint8Array(128);
for (const char of 'abcdefghijklmnopqrstuvwxyz0123456789-_') CLASS[char.charCodeAt(0)] = 1;
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') CLASS[char.charCodeAt(0)] = 3;
CLASS['.'.charCodeAt(0)] = 2;

/**
 * Normal form of a host name: lower-case A-labels, trailing dot dropped. Undefined for what is no name: addresses,
 * empty or overlong labels, other characters. A last label of digits only makes it no name (`1.2.3.4`). Never throws.
 */
export function parseName(text: string): string | undefined {
  if (text.length === 0 || text.length > 4 * LONGEST_NAME) return undefined;
  let upper = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 128) return parseInternational(text);
    const kind = CLASS[code];
    if (kind === 0) return undefined;
    if (kind === 3) upper = true;
  }
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  return hasGoodLabels(name) ? (upper ? name.toLowerCase() : name) : undefined;
}

/** ASCII that no name has: Node would take it for the end of the name, an escape or a blank, and go on. */
const FOREIGN = /[^a-z0-9_.\u0080-\uffff-]/i;
/** The full stops of IDNA (UTS 46). */
const LAST_DOT = /[.\u3002\uff0e\uff61]$/;

function parseInternational(text: string): string | undefined {
  if (FOREIGN.test(text)) return undefined;
  const name = domainToASCII(text.replace(LAST_DOT, ''));
  return name !== '' && !/[^a-z0-9_.-]/.test(name) && hasGoodLabels(name) ? name : undefined;
}

function hasGoodLabels(name: string): boolean {
  if (name.length > LONGEST_NAME) return false;
  let label = 0;
  let digits = true;
  for (let i = 0; i < name.length; i += 1) {
    const code = name.charCodeAt(i);
    if (code === 46) {
      if (label === 0) return false;
      label = 0;
      digits = true;
    } else {
      label += 1;
      if (label > LONGEST_LABEL) return false;
      if (code < 48 || code > 57) digits = false;
    }
  }
  return label > 0 && !digits;
}

/** The name and each of its parents, longest first: `a.b.c` gives `a.b.c`, `b.c`, `c`. */
export function* suffixes(name: string): Generator<string> {
  for (let rest = name; ; ) {
    yield rest;
    const dot = rest.indexOf('.');
    if (dot < 0) return;
    rest = rest.slice(dot + 1);
  }
}

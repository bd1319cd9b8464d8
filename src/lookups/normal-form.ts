import type { LookupKind } from '../model/indicator.ts';
import type { LookupRow } from '../schema/lookup.ts';
import { parseAddress, parseNetwork } from './address.ts';
import { parseName } from './name.ts';
import { parsePort } from './port.ts';

/** Normal form of a row's value, or a sentence on what is wrong with it. */
export type Normal = { readonly value: string } | { readonly fault: string };

/** Shorter texts between wildcards match too much. */
const LEAST_LITERAL = 4;
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;

function glob({ value }: LookupRow): Normal {
  const text = String(value);
  const longest = Math.max(...text.split('*').map((piece) => piece.trim().length));
  if (longest >= LEAST_LITERAL) return { value: text };
  return {
    fault: `"${text}" would match nearly everything: give at least ${LEAST_LITERAL} characters between wildcards`,
  };
}

const NORMAL_FORM: Readonly<Record<LookupKind, (row: LookupRow) => Normal>> = {
  port: ({ value }) => {
    const port = parsePort(value);
    return port === undefined
      ? { fault: `${value} is no port: give a number from 1 to 65535` }
      : { value: String(port) };
  },
  domain: ({ value }) => {
    const name = parseName(String(value));
    if (name === undefined) return { fault: `"${value}" is no domain name: give a name such as pool.example.org` };
    if (!name.includes('.')) return { fault: `"${value}" is a single label and would match every name under it` };
    return { value: name };
  },
  address: ({ value, type }) => {
    const text = String(value);
    const network = parseNetwork(text);
    if (network === undefined) return { fault: `"${value}" is no address: give an IPv4 or IPv6 address or a CIDR` };
    if (type !== `ipv${network.version}-addr`) return { fault: `"${value}" is not of type ${type}` };
    if (network.prefix === 0) return { fault: `"${value}" matches every address` };
    return { value: text.includes('/') ? network.text : (parseAddress(text)?.text ?? text) };
  },
  url: ({ value }) => {
    const text = String(value)
      .replace(/^https?:\/\//i, '')
      .replace(/#.*$/, '');
    const slash = text.indexOf('/');
    const named = text.slice(0, Math.max(slash, 0)).replace(/^\[(.*)\]$/, '$1');
    const host = parseAddress(named)?.text ?? parseName(named);
    if (host === undefined) return { fault: `"${value}" is no URL of host and path, such as example.org/miner.js` };
    if (slash === text.length - 1) return { fault: `"${value}" has no path: list ${host} in a lookup of kind domain` };
    return { value: `${host}${text.slice(slash)}` };
  },
  process: ({ value, type }) => {
    const text = String(value);
    if (type === 'file') {
      return HASH.test(text) ? { value: text.toLowerCase() } : { fault: `"${value}" is no MD5, SHA-1 or SHA-256` };
    }
    if (/[/\\*]/.test(text)) return { fault: `"${value}" is no file name: give it without a path and wildcards` };
    return { value: processName(text) };
  },
  'command-line': glob,
  'user-agent': glob,
  signature: glob,
  payload: ({ value }) =>
    /^[A-Za-z][\w.]{2,63}$/.test(String(value))
      ? { value: String(value) }
      : { fault: `"${value}" is no JSON-RPC method, such as mining.subscribe` },
};

export function normalForm(kind: LookupKind, row: LookupRow): Normal {
  return NORMAL_FORM[kind](row);
}

/** The file name of a process: without its path; on Windows, which takes no account of case, in lower case. */
export function processName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return path.includes('\\') || /\.exe$/i.test(name) ? name.toLowerCase() : name;
}

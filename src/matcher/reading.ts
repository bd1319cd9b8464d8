import { parseAddress } from '../lookups/address.ts';
import { parseName } from '../lookups/name.ts';
import { processName } from '../lookups/normal-form.ts';
import { parsePort } from '../lookups/port.ts';
import type { Kind } from '../model/indicator.ts';
import type { FieldKind } from './catalogue.ts';
import type { Scalar } from './paths.ts';
import { decodePayload, rpcCalls } from './payload.ts';

/** A host as text tells it: an address or a name, with the port if one follows. */
export interface Host {
  readonly address?: string;
  readonly name?: string;
  readonly port?: number;
}

const BRACKETED = /^\[([^\]]*)\](?::(.*))?$/;

/** What a value says: a host, a port, a URL, and texts of other kinds, all in normal form. */
export interface Reading extends Host {
  /** `host/path` of a URL that names both. */
  readonly url?: string;
  /** Of a URL that names no host; the host stands in another field. */
  readonly path?: string;
  /** What was answered to a DNS question, where one text tells of several. */
  readonly answers?: readonly Host[];
  readonly said?: readonly Said[];
}

export interface Said {
  readonly kind: Kind;
  readonly value: string;
}

/** What a value says in a field of a kind; undefined if nothing. Never throws. */
export function readValue(kind: FieldKind, value: Scalar): Reading | undefined {
  if (kind === 'port') {
    const port = parsePort(value);
    return port === undefined ? undefined : { port };
  }
  return typeof value === 'string' && value !== '' ? readText(kind, value) : undefined;
}

function readText(kind: Exclude<FieldKind, 'port'>, value: string): Reading | undefined {
  switch (kind) {
    case 'address':
      return addressOnly(value);
    case 'name':
    case 'registered':
      return nameOnly(value);
    case 'answer':
      return addressOnly(value) ?? nameOnly(value);
    case 'answers':
      return { answers: answersOf(value) };
    case 'certificate':
      return nameOnly(subjectOf(value).replace(/^\*\./, ''));
    case 'host':
      return parseHost(value);
    case 'url':
      return readUrl(value);
    case 'process':
      return { said: [{ kind, value: processName(value) }] };
    case 'hash':
      return { said: hashes(value).map((hash) => ({ kind: 'process', value: hash })) };
    case 'command-line':
    case 'user-agent':
    case 'signature':
      return { said: [{ kind, value }] };
    case 'args':
      return { said: [{ kind: 'command-line', value }] };
    case 'payload':
      return { said: rpcCalls(value).map((call) => ({ kind, value: call })) };
    case 'encoded-payload':
      return { said: rpcCalls(decodePayload(value)).map((call) => ({ kind: 'payload', value: call })) };
  }
}

/** More answers to one question tell nothing. */
const MOST_ANSWERS = 1000;

/** Answers as Sysmon writes them: `type:  5 name;::ffff:192.0.2.1;`. */
function answersOf(value: string): Host[] {
  return value
    .split(';', MOST_ANSWERS)
    .map((part) => part.replace(/^\s*type:\s{0,4}\d+\s/, '').trim())
    .flatMap((part) => addressOnly(part) ?? nameOnly(part) ?? []);
}

/** The name in a certificate's subject: `CN=*.example.org, O=Example`; a bare name is itself. */
function subjectOf(value: string): string {
  return /(?:^|[,/])\s{0,4}CN=([^,/]{1,256})/i.exec(value)?.[1] ?? value;
}

/** One hash, or several as Sysmon writes them: `MD5=…,SHA256=…`. */
function hashes(value: string): string[] {
  const parts = value.length > 1024 ? [] : value.toLowerCase().split(',');
  return parts.map((part) => part.slice(part.indexOf('=') + 1).trim()).filter((hash) => /^[0-9a-f]{32,64}$/.test(hash));
}

function addressOnly(value: string): Host | undefined {
  const address = parseAddress(value);
  return address === undefined ? undefined : { address: address.text };
}

function nameOnly(value: string): Host | undefined {
  const name = parseName(value);
  return name === undefined ? undefined : { name };
}

/** Reads `host`, `host:port`, `[v6]:port`; undefined where it is neither an address nor a name. */
export function parseHost(text: string): Host | undefined {
  if (text.startsWith('[')) {
    const [, inside, port] = BRACKETED.exec(text) ?? [];
    return inside === undefined ? undefined : hostOf(inside, port);
  }
  const whole = hostOf(text, undefined);
  const colon = text.lastIndexOf(':');
  return whole ?? (colon < 0 ? undefined : hostOf(text.slice(0, colon), text.slice(colon + 1)));
}

function hostOf(text: string, portText: string | undefined): Host | undefined {
  const port = portText === undefined ? undefined : parsePort(portText);
  const rest = port === undefined ? {} : { port };
  const address = parseAddress(text);
  if (address !== undefined) return { address: address.text, ...rest };
  const name = parseName(text);
  return name === undefined ? undefined : { name, ...rest };
}

const SCHEME = /^[a-z][a-z0-9+.-]{0,30}:\/\//i;

/**
 * Reads a URL: absolute (any scheme, with user and port), `host:port` of a CONNECT, `host/path`, or a path alone. The
 * fragment is left out. Linear; never throws.
 */
function readUrl(url: string): Reading | undefined {
  const start = SCHEME.exec(url)?.[0].length ?? (url.startsWith('//') ? 2 : 0);
  if (start === 0 && url.startsWith('/')) return { path: pathOf(url) };
  let end = start;
  let at = -1;
  for (; end < url.length; end += 1) {
    const char = url[end];
    if (char === '/' || char === '?' || char === '#' || char === '\\') break;
    if (char === '@') at = end;
  }
  const host = parseHost(url.slice(at < 0 ? start : at + 1, end));
  if (host === undefined) return undefined;
  const named = host.port !== undefined || host.address !== undefined || host.name?.includes('.') === true;
  if (start === 0 && !named) return undefined;
  return { ...host, url: urlOf(host, pathOf(url.slice(end))) };
}

function pathOf(text: string): string {
  const fragment = text.indexOf('#');
  const path = fragment < 0 ? text : text.slice(0, fragment);
  return path.startsWith('/') ? path : `/${path}`;
}

/** Normal form of a URL: `host/path`. */
export function urlOf({ name, address }: Host, path: string): string {
  return `${name ?? address ?? ''}${path}`;
}

import { parseAddress } from '../lookups/address.ts';
import { parseName } from '../lookups/name.ts';
import { parsePort } from '../lookups/port.ts';
import type { FieldKind } from './catalogue.ts';
import type { Scalar } from './paths.ts';

/** A host as text tells it: an address or a name, with the port if one follows. */
export interface Host {
  readonly address?: string;
  readonly name?: string;
  readonly port?: number;
}

const BRACKETED = /^\[([^\]]*)\](?::(.*))?$/;

/** What a value says in a field of a kind: a port, a name, an address, or a host with its port; undefined if nothing. */
export function readHost(kind: FieldKind, value: Scalar): Host | undefined {
  if (kind === 'port') {
    const port = parsePort(value);
    return port === undefined ? undefined : { port };
  }
  if (typeof value !== 'string') return undefined;
  switch (kind) {
    case 'address':
      return addressOnly(value);
    case 'name':
    case 'registered':
      return nameOnly(value);
    case 'answer':
      return addressOnly(value) ?? nameOnly(value);
    case 'host':
      return parseHost(value);
    case 'url':
      return hostOfUrl(value);
  }
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
 * Host of a URL: absolute (any scheme, with user and port), `host:port` of a CONNECT, or `host/path`; undefined for a
 * path alone. Linear in the length of the authority; never throws.
 */
export function hostOfUrl(url: string): Host | undefined {
  const start = SCHEME.exec(url)?.[0].length ?? (url.startsWith('//') ? 2 : 0);
  if (start === 0 && url.startsWith('/')) return undefined;
  let end = start;
  let at = -1;
  for (; end < url.length; end += 1) {
    const char = url[end];
    if (char === '/' || char === '?' || char === '#' || char === '\\') break;
    if (char === '@') at = end;
  }
  const host = parseHost(url.slice(at < 0 ? start : at + 1, end));
  if (start > 0 || host === undefined) return host;
  return host.port !== undefined || host.address !== undefined || host.name?.includes('.') === true ? host : undefined;
}

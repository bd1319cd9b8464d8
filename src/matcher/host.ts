import { parseAddress } from '../lookups/address.ts';
import { parseName } from '../lookups/name.ts';
import { parsePort } from '../lookups/port.ts';

/** A host as text tells it: an address or a name, with the port if one follows. */
export interface Host {
  readonly address?: string;
  readonly name?: string;
  readonly port?: number;
}

/** Reads `host`, `host:port`, `[v6]:port`; undefined where it is neither an address nor a name. */
export function parseHost(text: string): Host | undefined {
  const whole = hostOf(text, undefined);
  if (whole !== undefined) return whole;
  const colon = text.lastIndexOf(':');
  if (colon < 0) return text.startsWith('[') ? hostOf(text.slice(1, -1), undefined) : undefined;
  const before = text.slice(0, colon);
  if (before.startsWith('[') && before.endsWith(']')) return hostOf(before.slice(1, -1), text.slice(colon + 1));
  if (text.startsWith('[') && text.endsWith(']')) return hostOf(text.slice(1, -1), undefined);
  return hostOf(before, text.slice(colon + 1));
}

function hostOf(text: string, portText: string | undefined): Host | undefined {
  const port = portText === undefined ? undefined : parsePort(portText);
  const rest = port === undefined ? {} : { port };
  const address = parseAddress(text);
  if (address !== undefined) return { address: address.text, ...rest };
  const name = parseName(text);
  return name === undefined ? undefined : { name, ...rest };
}

/**
 * Host of a URL: absolute (any scheme, with user and port), `host:port` of a CONNECT, or `host/path`; undefined for a
 * path alone. Linear in the length of the authority; never throws.
 */
export function hostOfUrl(url: string): Host | undefined {
  const scheme = url.indexOf('://');
  const start = scheme >= 0 && scheme < 32 ? scheme + 3 : url.startsWith('//') ? 2 : 0;
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

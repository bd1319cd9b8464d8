import { isIP } from 'node:net';
import { parseDuration } from '../model/duration.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;

/** The formats our schemas use beside those of ajv-formats. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  duration: (text) => parseDuration(text) !== undefined,
  'positive-duration': (text) => (parseDuration(text) ?? 0) > 0,
  'date-or-date-time': isDateOrDateTime,
  'time-zone': isTimeZone,
  network: isNetwork,
  'network-or-host': (text) => isNetwork(text) || (HOST.test(text) && !/^[\d.]+$/.test(text)),
  'http-url': isHttpUrl,
  'listen-address': isListenAddress,
};

/** `2026-11-24`, or with a time and its offset: `2026-11-24T05:06:07Z`. */
function isDateOrDateTime(text: string): boolean {
  const day = text.slice(0, 10);
  if (!DAY.test(day)) return false;
  const time = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) return false;
  return text.length === 10 || (/[T ]/i.test(text.charAt(10)) && TIME.test(text.slice(11)));
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** An address, or a CIDR whose prefix length fits the address. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

/** `9464`, `host:9464` or `[::1]:9464`. */
function isListenAddress(text: string): boolean {
  const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) return false;
  const inBrackets = /^\[(.+)\]$/.exec(host ?? '')?.[1];
  return host === undefined || (inBrackets === undefined ? HOST.test(host) : isIP(inBrackets) === 6);
}

function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  // Another URL behind it, of which user name and password would stand in the path.
  if (hostname.includes(',') || pathname.includes('@')) return false;
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '' && search === '' && hash === '';
}

import { type Indicator, indicatorName, type Kind } from '../model/indicator.ts';
import { parseAddress } from './address.ts';
import type { Tables } from './compile.ts';
import { parseName } from './name.ts';
import { processName } from './normal-form.ts';
import { parsePort } from './port.ts';

/** A row that a value would match, and why. */
export interface Finding {
  /** What the value is taken for. */
  readonly kind: Kind;
  readonly indicator: Indicator;
  readonly why: string;
}

/** The normal forms that a value has, by kind. Whether a text is of a kind, the tables know. */
function readings(value: string): [Kind, string][] {
  const text = value
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/, '');
  return [...hostReadings(text), ...urlReadings(value), ...textReadings(value)];
}

function hostReadings(text: string): [Kind, string][] {
  const found: [Kind, string][] = [];
  const port = parsePort(text);
  if (port !== undefined) found.push(['port', String(port)]);
  for (const host of [text, text.replace(/:\d+$/, '')]) {
    const address = parseAddress(host.replace(/^\[(.*)\]$/, '$1'));
    if (address !== undefined) found.push(['address', address.text]);
    const name = parseName(host);
    if (name !== undefined) found.push(['domain', name]);
  }
  const [, host, tail] = /^\[?(.+?)\]?:(\d+)$/.exec(text) ?? [];
  const address = parseAddress(host ?? '');
  if (address !== undefined && parsePort(tail) !== undefined) {
    found.push(['socket', address.version === 6 ? `[${address.text}]:${tail}` : `${address.text}:${tail}`]);
  }
  return found;
}

function urlReadings(value: string): [Kind, string][] {
  const [, host, path] = /^(?:https?:\/\/)?([^/]+)(\/.+)$/i.exec(value) ?? [];
  const name = parseName(host ?? '');
  return name === undefined ? [] : [['url', `${name}${path}`]];
}

function textReadings(value: string): [Kind, string][] {
  return [
    ['command-line', value],
    ['user-agent', value],
    ['signature', value],
    ['process', processName(value)],
    ['process', value.toLowerCase()],
    ['payload', `${value}()`],
  ];
}

function why(kind: Kind, value: string, indicator: Indicator): string {
  const name = indicatorName(indicator);
  if (name === value) return `it is listed as ${name}`;
  if (kind === 'domain') return `${value} lies under ${name}`;
  return indicator.value.includes('/') ? `${value} lies in ${indicator.value}` : `${value} is written as ${name}`;
}

/** Every row that a port, name, address, `address:port` or URL matches, in any of the forms it can be taken for. */
export function explainValue({ byKind }: Tables, value: string): Finding[] {
  const forms = new Map(readings(value).map((reading) => [reading.join(' '), reading]));
  return [...forms.values()].flatMap(([kind, normal]) =>
    byKind[kind].find(normal).map((indicator) => ({ kind, indicator, why: why(kind, normal, indicator) })),
  );
}

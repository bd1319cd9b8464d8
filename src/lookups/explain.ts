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
  const [, written = '', path] = /^(?:https?:\/\/)?([^/]+)(\/[^#]+)/i.exec(value.trim()) ?? [];
  const host = written.replace(/^.*@/, '').replace(/:\d+$/, '');
  const name = parseAddress(host.replace(/^\[(.*)\]$/, '$1'))?.text ?? parseName(host);
  return name === undefined ? [] : [['url', `${name}${path}`]];
}

function textReadings(value: string): [Kind, string][] {
  return [
    ['command-line', value],
    ['user-agent', value],
    ['signature', value],
    ['process', processName(value)],
    ['process', value.toLowerCase()],
  ];
}

/** How a value in normal form meets an indicator of its kind, in words. */
export function whyListed(kind: Kind, value: string, indicator: Indicator): string {
  const name = indicatorName(indicator);
  switch (kind) {
    case 'command-line':
      return `${name} stands in it`;
    case 'user-agent':
    case 'signature':
      return `it is of the form ${name}`;
    case 'url':
      return name === value ? `it is listed as ${name}` : `${value} begins as ${name}, at its host or a name above it`;
    case 'payload':
      return `it is the method ${value}${indicator.params === undefined ? '' : ` with ${indicator.params.join(', ')}`}`;
    case 'port':
    case 'domain':
    case 'address':
    case 'socket':
    case 'process':
      if (name === value) return `it is listed as ${name}`;
      if (kind === 'domain') return `${value} lies under ${name}`;
      return indicator.value.includes('/') ? `${value} lies in ${indicator.value}` : `${value} is written as ${name}`;
  }
}

/**
 * Every row that a value matches, in any of the forms it can be taken for: a port, name, address, `address:port` or URL,
 * a program or hash, a command line, a user agent, a signature, a method, whatever parameters it must have.
 */
export function explainValue({ byKind }: Tables, value: string): Finding[] {
  const forms = new Map(readings(value).map((reading) => [reading.join(' '), reading]));
  const found = [...forms.values()].flatMap(([kind, normal]) =>
    byKind[kind].find(normal).map((indicator) => ({ kind, indicator, why: whyListed(kind, normal, indicator) })),
  );
  const methods = byKind.payload.indicators.filter((indicator) => indicator.value === value.trim());
  return [
    ...found,
    ...methods.map((indicator) => ({
      kind: indicator.kind,
      indicator,
      why: whyListed('payload', indicator.value, indicator),
    })),
  ];
}

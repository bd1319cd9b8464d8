/** Says, without the matcher and its tables, whether an enrichment names a row of a lookup that the event does hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { join } from 'node:path';
import { valuesOf } from './values.ts';

interface Row {
  readonly value: string | number;
  /** Of its lookup. */
  readonly kind: string;
  readonly port?: number;
  readonly excludes?: readonly string[];
  readonly params?: readonly string[];
}

/** Rows by the name of their lookup, as the files have them. */
export type Rows = ReadonlyMap<string, readonly Row[]>;

/** What of `threat.enrichments[]` is looked at. */
export interface Claim {
  readonly indicator: { readonly name: string };
  readonly matched: { readonly id: string; readonly index: string; readonly field: string; readonly atomic: string };
}

export function readRows(folder: string): Rows {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(
    files.map((name) => {
      const file = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { name: string; kind: string; rows: Row[] };
      return [file.name, file.rows.map((row) => ({ ...row, kind: file.kind }))];
    }),
  );
}

/** All values under keys that speak of ports: outside ECS they lie anywhere. */
function portsOf(value: unknown, key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => portsOf(element, key));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([inner, one]) => portsOf(one, inner));
  return /port$/i.test(key) ? [String(Number(value))] : [];
}

/** Host and port of `host`, `host:port`, `[v6]:port` or a URL. */
function authorityOf(text: string): { readonly host: string; readonly port: string } {
  if (isIPv6(text)) return { host: text, port: '' };
  const authority = text.replace(/^[a-z+]+:\/\//i, '').replace(/[/?#].*$/, '');
  const [, host = '', port = ''] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(authority) ?? [];
  return { host: host.replace(/\.$/, '').toLowerCase(), port };
}

function nameOf({ value, port }: Row): string {
  if (port === undefined) return String(value);
  return isIPv6(String(value)) ? `[${value}]:${port}` : `${value}:${port}`;
}

function family(text: string): 'ipv4' | 'ipv6' {
  return isIPv6(text) ? 'ipv6' : 'ipv4';
}

function covers(network: string, address: string): boolean {
  const [base = '', prefix] = network.split('/');
  const list = new BlockList();
  if (prefix === undefined) list.addAddress(base, family(base));
  else list.addSubnet(base, Number(prefix), family(base));
  return list.check(address, family(address));
}

/** A text with `*` wildcards, anywhere or as a whole, whatever its case. */
function fits(text: string, { value, excludes = [] }: Row, whole: boolean): boolean {
  const escaped = String(value).replace(/[\\^$.|?+()[\]{}]/g, '\\$&');
  const pattern = escaped.replaceAll('*', '[^]*');
  const excluded = excludes.some((one) => text.toLowerCase().includes(one.toLowerCase()));
  return !excluded && new RegExp(whole ? `^${pattern}$` : pattern, 'i').test(text);
}

/** A program's path or name, or hashes. */
function runs(text: string, { value }: Row): boolean {
  const [name, wanted] = [text.replace(/^.*[/\\]/, ''), String(value)];
  return name === wanted || name.toLowerCase() === wanted.toLowerCase() || text.toLowerCase().includes(`=${wanted}`);
}

/** A method and its parameters, in a text as it is or as sensors encode it. */
function calls(text: string, { value, params = [] }: Row): boolean {
  const forms = [text, Buffer.from(text, 'hex').toString('latin1'), Buffer.from(text, 'base64').toString('latin1')];
  return forms.some((form) => [value, ...params].every((name) => form.includes(`"${name}"`)));
}

/** A URL, or a path beside its host. */
function leads(event: unknown, text: string, { value }: Row): boolean {
  const url = String(value);
  const path = url.slice(url.indexOf('/'));
  const host = url.slice(0, url.indexOf('/'));
  const rest = text.replace(/^[a-z]+:\/\/[^/]*/i, '');
  const named = rest === text ? JSON.stringify(event) : authorityOf(text).host;
  return rest.startsWith(path) && named.includes(host);
}

function lies(event: unknown, field: string, row: Row, text: string): boolean {
  const { host, port } = authorityOf(text);
  if (!isIP(host) || !covers(String(row.value), host)) return false;
  if (row.port === undefined || port === String(row.port)) return true;
  const endpoint = /^(.*)\.(?:ip|address|domain)$/.exec(field)?.[1];
  const ports = endpoint === undefined ? portsOf(event) : valuesOf(event, `${endpoint}.port`).map(String);
  return ports.includes(String(row.port));
}

function holds(event: unknown, field: string, row: Row, text: string): boolean {
  const { host, port } = authorityOf(text);
  const value = String(row.value);
  switch (row.kind) {
    case 'port':
      return text === value || port === value;
    case 'domain':
      return host === value || host.endsWith(`.${value}`);
    case 'address':
      return lies(event, field, row, text);
    case 'url':
      return leads(event, text, row);
    case 'process':
      return runs(text, row);
    case 'command-line':
      return fits(text, row, false);
    case 'payload':
      return calls(text, row);
    default:
      return fits(text, row, true);
  }
}

/** What is wrong with the claim; undefined where the indicator is in its lookup and its value in the event's field. */
export function falsehood(event: unknown, { indicator, matched }: Claim, rows: Rows): string | undefined {
  const { id, index, field } = matched;
  const row = rows.get(index)?.find((one) => nameOf(one) === id || nameOf(one).toLowerCase() === id);
  if (row === undefined) return `${index} has no row ${id}`;
  if (indicator.name !== id) return `${indicator.name} is not ${id}`;
  const texts = valuesOf(event, field).map(String);
  // Arguments make a command line together.
  return [...texts, texts.join(' ')].some((text) => holds(event, field, row, text))
    ? undefined
    : `${field} is ${texts.join(', ')}, not ${id}`;
}

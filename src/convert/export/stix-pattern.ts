import type { Indicator } from '../../model/indicator.ts';

/** A text in single quotes, as STIX patterns write it. */
function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A regular expression (PCRE) for a text in which `*` stands for any text, whatever its case. */
function expression(glob: string, extent: 'anywhere' | 'whole'): string {
  const inner = glob.split('*').map(literal).join('.*');
  return text(extent === 'whole' ? `(?is)^${inner}\\z` : `(?is)${inner}`);
}

/** A backslash may stand before any printable ASCII that is no letter or digit. */
function literal(piece: string): string {
  return piece.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&');
}

function compared(path: string, { value, excludes = [] }: Indicator, extent: 'anywhere' | 'whole'): string {
  const not = excludes.map((other) => ` AND ${path} NOT MATCHES ${text(`(?is)${literal(other)}`)}`);
  return `[${path} MATCHES ${expression(value, extent)}${not.join('')}]`;
}

const HASH_NAMES: Readonly<Record<number, string>> = { 32: 'MD5', 40: "'SHA-1'", 64: "'SHA-256'" };
const USER_AGENT = "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'";

function port({ value, transport }: Indicator): string {
  const over = transport === undefined ? '' : ` AND network-traffic:protocols[*] = ${text(transport)}`;
  const sides = ['dst_port', 'src_port'].map((side) => `[network-traffic:${side} = ${value}${over}]`);
  return sides.join(' OR ');
}

function url({ value }: Indicator): string {
  const [host = '', ...path] = value.split('/');
  const named = [host.includes(':') ? `[${host}]` : host, ...path].join('/');
  return `[url:value = ${text(`https://${named}`)} OR url:value = ${text(`http://${named}`)}]`;
}

/**
 * The pattern of a row, of the plainest form that says it: readers of such bundles know comparisons, and few know more.
 * Undefined where STIX has no object that the row speaks of.
 * https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html
 */
export function stixPattern(indicator: Indicator): string | undefined {
  const { kind, type, value, transport } = indicator;
  switch (kind) {
    case 'domain':
      return `[domain-name:value = ${text(value)}]`;
    case 'address':
      return `[${type}:value ${value.includes('/') ? 'ISSUBSET' : '='} ${text(value)}]`;
    case 'socket': {
      const over = transport === undefined ? '' : ` AND network-traffic:protocols[*] = ${text(transport)}`;
      const to = `network-traffic:dst_ref.value ${value.includes('/') ? 'ISSUBSET' : '='} ${text(value)}`;
      return `[${to} AND network-traffic:dst_port = ${indicator.port}${over}]`;
    }
    case 'port':
      return port(indicator);
    case 'url':
      return url(indicator);
    case 'process':
      return type === 'file'
        ? `[file:hashes.${HASH_NAMES[value.length]} = ${text(value)}]`
        : `[process:image_ref.name = ${text(value)}]`;
    case 'command-line':
      return compared('process:command_line', indicator, 'anywhere');
    case 'user-agent':
      return compared(USER_AGENT, indicator, 'whole');
    case 'signature':
    case 'payload':
      return undefined;
  }
}

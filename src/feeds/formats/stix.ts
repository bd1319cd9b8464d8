import { type Draft, FormatFault, isJson, type Json, objectsOf, parseJson, textsOf } from './draft.ts';

const TEXT = String.raw`'((?:[^'\\]|\\.)*)'`;
/** `ipv4-addr:value = '51.15.58.224'`, `ipv4-addr:value ISSUBSET '198.51.100.0/24'`, `file:hashes.'SHA-256' = '...'` */
const PLAIN = new RegExp(
  String.raw`^(ipv4-addr|ipv6-addr|domain-name|url|file)\s*:\s*(value|hashes\.\S+)\s*(=|ISSUBSET\s)\s*${TEXT}$`,
);
const ADDRESS = new RegExp(String.raw`^network-traffic\s*:\s*dst_ref\.value\s*(?:=|ISSUBSET\s)\s*${TEXT}$`);
const PORT = /^network-traffic\s*:\s*dst_port\s*=\s*'?(\d{1,5})'?$/;
const TRANSPORT = /^network-traffic\s*:\s*protocols\[\*\]\s*=\s*'(tcp|udp)'$/;
const TYPES: Readonly<Record<string, Draft['type']>> = {
  'ipv4-addr': 'address',
  'ipv6-addr': 'address',
  'domain-name': 'domain',
  url: 'url',
  file: 'hash',
};
/** Longer patterns are of no single value. */
const LONGEST_PATTERN = 100_000;

/**
 * A STIX 2.1 bundle, or a TAXII 2.1 envelope. Taken are indicators whose pattern compares a value, or a destination
 * and its port, or several of them joined by OR; other patterns are left out, for a part of them would say more than
 * they do. https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html
 *
 * @throws FormatFault
 */
export function readStix(text: string): Draft[] {
  const top = parseJson(text);
  if (!isJson(top) || (!Array.isArray(top.objects) && top.type !== 'bundle')) {
    throw new FormatFault('it is no STIX bundle');
  }
  const live = objectsOf(top.objects).filter(({ revoked }) => revoked !== true);
  const sightings = live.filter(({ type, last_seen }) => type === 'sighting' && last_seen !== undefined);
  const seen = new Map(sightings.map(({ sighting_of_ref: of, last_seen }) => [of, last_seen]));
  return live.flatMap((object) => (object.type === 'indicator' ? draftsOf(object, seen.get(object.id)) : []));
}

function draftsOf(indicator: Json, lastSeen: unknown): Draft[] {
  const { pattern, pattern_type: language = 'stix', name, description, valid_from, valid_until } = indicator;
  const common = {
    first_seen: valid_from,
    last_seen: lastSeen,
    expires: valid_until,
    reference: objectsOf(indicator.external_references).find(({ url }) => url !== undefined)?.url,
    note: textsOf(name).some((text) => isValue(text, pattern)) ? description : name,
    labels: textsOf(name, description, indicator.labels, indicator.indicator_types),
  };
  const values = language === 'stix' && typeof pattern === 'string' ? valuesOf(pattern) : undefined;
  return (values ?? [{ value: '', type: 'other' as const }]).map((value) => ({ ...common, ...value }));
}

/** Whether a name only repeats what the pattern compares: a value, or an address with its port. */
function isValue(name: string, pattern: unknown): boolean {
  const bare = name.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  return typeof pattern === 'string' && plain(pattern).includes(bare);
}

type Compared = Pick<Draft, 'value' | 'type' | 'port' | 'transport'>;

/** The values any of which is enough; undefined where the pattern says something else. */
function valuesOf(pattern: string): Compared[] | undefined {
  if (pattern.length > LONGEST_PATTERN) return undefined;
  const values: Compared[] = [];
  for (const part of partsOf(pattern, 'OR')) {
    const bare = withoutBrackets(part);
    const [, type = '', path = '', , value = ''] = PLAIN.exec(bare) ?? [];
    const socket = type === '' ? socketOf(bare) : undefined;
    if (socket !== undefined) values.push(socket);
    else if (type !== '' && path.startsWith('hashes.') === (type === 'file'))
      values.push({ value: plain(value), type: TYPES[type] });
    else return undefined;
  }
  return values;
}

/** What stands between these words, outside of quotes; blanks there are one. */
function partsOf(pattern: string, word: 'OR' | 'AND'): string[] {
  const parts: string[] = [];
  let open = '';
  for (const [piece] of pattern.matchAll(/'(?:[^'\\]|\\.)*'?|[^']+/gs)) {
    const [first = '', ...rest] = piece.startsWith("'") ? [piece] : piece.replaceAll(/\s+/g, ' ').split(` ${word} `);
    open += first;
    for (const next of rest) {
      parts.push(open);
      open = next;
    }
  }
  return [...parts, open];
}

/** In one walk: an expression for the end of a text would begin anew at each bracket. */
function withoutBrackets(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && ' ([])'.includes(text.charAt(start))) start += 1;
  while (end > start && ' ([])'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function socketOf(text: string): Compared | undefined {
  const parts = partsOf(text, 'AND');
  const value = parts.map((part) => ADDRESS.exec(part)?.[1]).find((found) => found !== undefined);
  const port = parts.map((part) => PORT.exec(part)?.[1]).find((found) => found !== undefined);
  const transport = parts.map((part) => TRANSPORT.exec(part)?.[1]).find((found) => found !== undefined);
  const own = {
    ...(port === undefined ? {} : { port }),
    ...(transport === undefined ? {} : { transport }),
  };
  if (value === undefined || parts.length !== 1 + Object.keys(own).length) return undefined;
  return { value: plain(value), type: undefined, ...own };
}

function plain(text: string): string {
  return text.replaceAll(/\\(.)/g, '$1');
}

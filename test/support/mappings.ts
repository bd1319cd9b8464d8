/** Random mappings, lookups and events around them, to hold what a query narrows down to against what matches. */
import type { estypes } from '@elastic/elasticsearch';
import { CATALOGUE, type FieldKind } from '../../src/matcher/catalogue.ts';
import { countFields } from '../../src/setup/fields.ts';
import type { Random } from './sample/prng.ts';
import type { RowsByKind } from './tables.ts';

type Json = Record<string, unknown>;
type Property = estypes.MappingProperty;

const PORTS = [3333, 4444, 45_700] as const;
const DOMAINS = ['minexmr.com', 'pool.hashvault.pro', 'xn--mnero-jua.example.org'] as const;
const ADDRESSES = ['51.15.58.224', '2001:41d0::5'] as const;
const NETWORKS = ['94.130.12.0/24', '185.10.68.0/22', '2a01:4f8::/32'] as const;
const SOCKETS = [
  { value: '37.59.43.131', port: 14_444 },
  { value: '2001:41d0::7', port: 443 },
] as const;

/** Some of the lookups, never none. */
export function randomRows(random: Random): RowsByKind {
  const some = <T>(list: readonly T[]): T[] => list.filter(() => random.chance(0.7));
  return {
    port: some(PORTS),
    domain: some(DOMAINS),
    address: [...some(ADDRESSES), ...some(NETWORKS), ...some(SOCKETS), '198.51.100.99'],
    url: [...some(['cdn.example/lib/Miner.js', '203.0.113.9/x/']), 'ads.example/m/'],
    process: some(['xmrig.exe', '0123456789abcdef'.repeat(2)]),
    'command-line': some(['stratum+tcp://', ' -o pool.', '--coin*monero']),
    'user-agent': some(['XMRig/*', '*cpuminer*']),
    signature: some(['*Cryptocurrency Miner*', 'Cryptomining']),
    payload: some(['mining.subscribe', { value: 'login', params: ['agent', 'login', 'pass'] }, 'eth_submitLogin']),
  };
}

/** The fields that documents have: a few of every kind. */
export const FIELDS = [
  'source.ip',
  'source.port',
  'destination.ip',
  'destination.port',
  'destination.address',
  'destination.domain',
  'destination.nat.ip',
  'destination.nat.port',
  'dns.question.name',
  'dns.answers.name',
  'dns.answers.data',
  'dns.resolved_ip',
  'tls.client.server_name',
  'url.domain',
  'url.full',
  'url.original',
  'zeek.dns.query',
  'suricata.eve.dest_ip',
  'suricata.eve.dest_port',
  'dest_ip',
  'dest_port',
  'winlog.event_data.QueryName',
  'winlog.event_data.DestinationIp',
  'winlog.event_data.DestinationPort',
  'destination.registered_domain',
  'dns.question.registered_domain',
  'url.path',
  'process.name',
  'process.hash.md5',
  'process.command_line',
  'process.args',
  'winlog.event_data.Hashes',
  'user_agent.original',
  'rule.name',
  'message',
  'event.original',
  'suricata.eve.payload',
] as const;
const KIND_OF = new Map(CATALOGUE.map(({ field, kind }) => [field, kind]));
/** Objects that are mapped as a whole now and then. */
const OBJECTS = ['destination', 'dns.answers', 'suricata.eve', 'winlog.event_data', 'zeek', 'url'];

const TEXT: Property = { type: 'text' };
const TEXTS: readonly Property[] = [
  { type: 'keyword' },
  { type: 'keyword', ignore_above: 20 },
  { type: 'keyword', index: false },
  { type: 'keyword', doc_values: false },
  { type: 'keyword', index: false, doc_values: false },
  { type: 'keyword', normalizer: 'lowercase' },
  { type: 'text' },
  { type: 'text', index: false },
  { type: 'text', analyzer: 'whitespace' },
  { type: 'text', index_options: 'docs' },
  { type: 'text', norms: false, fields: { keyword: { type: 'keyword', ignore_above: 16 } } },
  { type: 'object', enabled: false },
];
const ADDRESS_TYPES: readonly Property[] = [
  { type: 'ip' },
  { type: 'ip', ignore_malformed: true },
  { type: 'ip', index: false, ignore_malformed: true },
  { type: 'ip', doc_values: false, ignore_malformed: true },
  { type: 'ip', index: false, doc_values: false, ignore_malformed: true },
];
const NUMBERS: readonly Property[] = [
  { type: 'long' },
  { type: 'integer', ignore_malformed: true },
  { type: 'long', index: false, ignore_malformed: true },
  { type: 'long', doc_values: false },
  { type: 'long', index: false, doc_values: false },
  { type: 'double' },
];
const WHOLE: readonly Property[] = [
  { type: 'nested' },
  { type: 'nested', dynamic: false },
  { type: 'flattened' },
  { type: 'flattened', ignore_above: 20 },
  { type: 'flattened', index: false, doc_values: true },
  { type: 'object', enabled: false },
  { type: 'object', dynamic: false },
];

function typesOf(kind: FieldKind | undefined): readonly Property[] {
  if (kind === 'port') return [...NUMBERS, ...NUMBERS, ...TEXTS];
  if (kind === 'payload') return [{ type: 'text' }, ...TEXTS];
  return kind === 'address' || kind === 'host' || kind === 'answer' ? [...TEXTS, ...ADDRESS_TYPES] : TEXTS;
}

function plant(properties: Record<string, Property>, path: readonly string[], mapping: Property): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    properties[first] ??= mapping;
    return;
  }
  const parent = (properties[first] ??= { properties: {} }) as { type?: string; properties?: Record<string, Property> };
  if (
    parent.type === 'flattened' ||
    (parent.type !== undefined && parent.type !== 'nested' && parent.type !== 'object')
  )
    return;
  plant((parent.properties ??= {}), rest, mapping);
}

/** An index like somebody's: sane in most fields, odd in some; what is not mapped comes by itself, or is left out. */
export function randomMapping(random: Random): Omit<estypes.IndicesCreateRequest, 'index'> {
  const properties: Record<string, Property> = { '@timestamp': { type: 'date' } };
  const unmapped = random.pick([0.1, 0.3, 0.3, 1]);
  const odd = random.next() ** 2 * 0.3;
  for (const path of OBJECTS) if (random.chance(odd / 3)) plant(properties, path.split('.'), { ...random.pick(WHOLE) });
  for (const field of FIELDS) {
    if (random.chance(unmapped)) continue;
    // Where no query reaches it, the raw event is not read.
    const types = field === 'event.original' ? [TEXT] : typesOf(KIND_OF.get(field));
    const sane = KIND_OF.get(field) === 'address' ? ADDRESS_TYPES[1] : types[0];
    plant(properties, field.split('.'), { ...(random.chance(odd) || sane === undefined ? random.pick(types) : sane) });
  }
  if (random.chance(0.1)) {
    properties['original'] = { type: 'keyword' };
    properties['tls'] = {
      properties: { client: { properties: { server_name: { type: 'alias', path: 'original' } } } },
    };
  }
  const limit = countFields(properties) + random.below(8);
  const dynamic = random.chance(0.1) ? false : random.chance(0.05) ? 'runtime' : true;
  return {
    settings: {
      mapping: {
        ignore_malformed: random.chance(0.3),
        ...(random.chance(0.2) ? { total_fields: { limit, ignore_dynamic_beyond_limit: true } } : {}),
      },
    },
    mappings: { dynamic, properties },
  };
}

/** Stands for a number that JSON.stringify would write in another way. */
const LITERAL = /"number ([^"]+)"/g;

function randomPort(random: Random, listed: boolean): unknown {
  const port = listed ? random.pick(PORTS) : random.pick([443, 14_444, 33_330, 50_000]);
  return random.pick<unknown>([
    port,
    port,
    port,
    String(port),
    [port, 80],
    `0${port}`,
    `number ${port}.0`,
    'none',
    null,
  ]);
}

function randomAddress(random: Random, listed: boolean): string {
  const pools = ['51.15.58.224', '94.130.12.77', '185.10.71.255', '2A01:4F8:0::1', '2001:41d0:0:0::5', '37.59.43.131'];
  const benign = ['10.1.2.3', '94.130.13.1', '2001:db8::1', '198.51.100.1', '0.0.0.0'];
  const address = random.pick(listed ? pools : benign);
  return random.chance(0.1) && !address.includes(':') ? `::ffff:${address}` : address;
}

function randomName(random: Random, listed: boolean): string {
  const name = random.pick(DOMAINS);
  return listed
    ? random.pick([name, `eu.${name}`, `${name}.`, name.toUpperCase(), `a-long-label-for-a-test.${name}`])
    : random.pick(['www.example.com', 'notminexmr.com', 'minexmr.com.example.net', 'hashvault.pro']);
}

function randomUrl(random: Random, listed: boolean): string {
  const host = random.chance(0.7) ? randomName(random, listed) : randomAddress(random, listed);
  const safe = host.includes(':') ? `[${host}]` : host;
  const port = random.pick(listed ? [80, 3333, 14_444] : [80, 443]);
  return random.pick([
    `https://${safe}/`,
    `http://user@${safe}:${port}/path?q=1`,
    `${safe}:${port}`,
    '/a/path',
    ...(listed ? LISTED_URLS : []),
    `https://${safe}/${'x'.repeat(300)}`,
  ]);
}

const LISTED_URLS = ['https://www.cdn.example/lib/Miner.js?v=1', 'ads.example:443/m/a', 'http://203.0.113.9/x/y'];
const HASH = '0123456789ABCDEF'.repeat(2);

/** A text that an indicator of the kind is found in, and one that is not. */
const SAID: Readonly<Partial<Record<FieldKind, readonly [listed: readonly unknown[], benign: readonly unknown[]]>>> = {
  process: [['XMRig.exe', 'C:\\tools\\xmrig.exe'], ['svchost.exe']],
  hash: [[HASH, `SHA1=${'0'.repeat(40)},MD5=${HASH}`], ['f'.repeat(32)]],
  'command-line': [['x -o STRATUM+TCP://a:1', 'x -o pool.example', 'x --coin=monero'], ['gcc -o main main.c']],
  args: [[['x', '-o', 'pool.example'], ['xmrig.exe'], ['x', '--coin', 'monero'], 'a stratum+tcp://b'], [['ls', '-l']]],
  'user-agent': [['XMRig/6.21.0 (Linux)', 'my CPUMiner'], ['Mozilla/5.0']],
  signature: [['ET Cryptocurrency Miner Checkin', 'CRYPTOMINING'], ['ET SCAN']],
  payload: [calls(''), ['{"method":"login","params":{}}', 'POST a method', `["method","login"]`]],
  'encoded-payload': [
    calls('').flatMap((text) => [Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64'), text]),
    ['aGVsbG8='],
  ],
};

function calls(escape: '' | '\\'): string[] {
  const subscribe = '{"id":1,"method":"mining.subscribe","params":[]}';
  const login = '{"jsonrpc":"2.0","method": "login","params":{"login":"a","pass":"x","agent":"b"},"id":1}';
  const eth = '{"worker":"w","id":1,"method":"eth_submitLogin","params":["0x0"]}';
  const bare = [subscribe, login, eth];
  if (escape !== '') return bare.map((text) => `body="${text.replaceAll('"', `${escape}"`)}" status=200`);
  return [...bare, ...bare.map((text) => `sent ${text}\\n`), ...calls('\\')];
}

function randomText(random: Random, kind: FieldKind | undefined, listed: boolean): unknown {
  if (random.chance(0.05)) return random.pick<unknown>([null, '', 'nonsense here', [], 'x'.repeat(400)]);
  const said = kind === undefined ? undefined : SAID[kind];
  if (said !== undefined) return random.pick(listed ? said[0] : said[1]);
  const value = (mining: boolean): string => {
    if (kind === 'address') return randomAddress(random, mining);
    if (kind === 'url') return randomUrl(random, mining);
    if (kind !== 'answer' && kind !== 'host') return randomName(random, mining);
    const host = random.chance(0.5) ? randomName(random, mining) : randomAddress(random, mining);
    const port = random.pick(mining ? PORTS : [443]);
    return kind === 'host' && random.chance(0.2) && !host.includes(':') ? `${host}:${port}` : host;
  };
  return random.chance(0.2) ? [value(false), value(listed)] : value(listed);
}

/** One event as the JSON text that is indexed: nested, dotted or mixed, now and then with arrays of objects. */
export function randomEvent(random: Random, time: string): string {
  const event: Json = { '@timestamp': time };
  const mining = random.chance(0.3) ? random.pick(FIELDS) : undefined;
  for (const field of FIELDS) {
    if (field !== mining && random.chance(0.93)) continue;
    const kind = KIND_OF.get(field);
    const listed = field === mining;
    spell(event, field, kind === 'port' ? randomPort(random, listed) : randomText(random, kind, listed), random);
  }
  return JSON.stringify(event).replaceAll(LITERAL, '$1');
}

function spell(event: Json, field: string, value: unknown, random: Random): void {
  const path = field.split('.');
  const last = path.pop() ?? field;
  if (random.chance(0.15)) {
    event[field] = value;
    return;
  }
  let here = event;
  for (const key of path) {
    const next = (here[key] ??= {});
    here = (Array.isArray(next) ? (next as Json[])[0] : next) as Json;
  }
  here[last] = value;
  const [first = ''] = path;
  if (path.length === 1 && random.chance(0.1) && !Array.isArray(event[first])) event[first] = [event[first], {}];
}

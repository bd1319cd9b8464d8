/** Random events: any JSON, most of it in fields that are read, with values that match, nearly match, or are odd. */
import * as fc from 'fast-check';
import { CATALOGUE, CONTEXT_FIELDS, type FieldKind } from '../../src/matcher/catalogue.ts';
import {
  DENIALS,
  DENIED_DNS,
  FLOWS,
  HOST_AGENTS,
  HOST_DATASETS,
  HOST_MODULES,
  RESPONSES,
} from '../../src/matcher/words.ts';
import type { EventDocument } from '../../src/model/event.ts';
import { HASHES } from './tables.ts';

const HOSTS = ['pool.minexmr.com', 'MINEXMR.com.', 'notminexmr.com', 'coinhive.com', 'doubtful.org', 'example.org'];
const ADDRESSES = [
  '51.15.58.224',
  '::ffff:51.15.58.224',
  '94.130.12.77',
  '2a01:4f8::1',
  '2a01:4f8:0:0:1:0:0:1',
  '2a01:4f8:1:0:0:2:0:0',
  '2001:41d0:0::5',
  '[2001:41d0::5]:443',
  '[51.15.58.224]',
  '37.59.43.131',
  '37.59.43.131:14444',
  '37.59.44.1',
  '10.1.2.3',
  '192.168.7.7',
  '9.9.9.9',
  'fe80::1%eth0',
  '127.0.0.1',
  '0.0.0.0',
  '1:2:3:4:5:6:7::',
  '010.1.2.3',
];
const PORTS = [3333, '3333', 4444, 14_444, 443, '443', 53, 51_234, 0, 70_000, '03333', 3333.5, -1];
const CALLS = [
  '{"id":1,"method":"mining.subscribe","params":[]}',
  '{"id":1,"jsonrpc":"2.0","method":"login","params":{"login":"x","pass":"y","agent":"z"}}',
  'x {\\"id\\":1,\\"method\\":\\"submit\\",\\"params\\":{\\"id\\":1,\\"job_id\\":2,\\"nonce\\":3,\\"result\\":4}} y',
  '{"method":"mining.subscribe"}',
  `"${'{"id":1,"method":"mining.subscribe","params":[]}'.replaceAll('"', '\\\\\\"')}"`,
  'no method here',
];
const VALUES: Readonly<Record<FieldKind, readonly unknown[]>> = {
  port: PORTS,
  address: ADDRESSES,
  name: HOSTS,
  host: [...HOSTS, ...ADDRESSES, 'minexmr.com:3333', '[2a01:4f8::9]', 'localhost', 'münchen.example'],
  registered: ['minexmr.com', 'example.org', 'coinhive.com'],
  certificate: ['CN=*.minexmr.com, O=X', '/C=DE/CN=coinhive.com', '*.example.org', 'O=Nobody'],
  url: [
    'https://u:p@pool.minexmr.com:3333/a?b#c',
    'http://cdn.example/lib/miner.js',
    '/lib/miner.js?x',
    'ads.example/m/1',
    '37.59.43.131:14444',
    'http://[2a01:4f8::2]/x',
    'http://203.0.113.9/x/y',
    'stratum+tcp://minexmr.com',
    'plain',
  ],
  answer: [...HOSTS, ...ADDRESSES],
  answers: ['type:  5 pool.minexmr.com;::ffff:51.15.58.224;', 'type: 5 x.example.org;10.1.2.3', '127.0.0.1;'],
  process: ['C:\\Temp\\XMRig.exe', '/usr/bin/xmrig', 'xmrig', 'bash', 'XMRIG'],
  hash: [HASHES[0], `MD5=${HASHES[0]},SHA256=${HASHES[2]}`, 'SHA1=abc', HASHES[1].toUpperCase()],
  'command-line': ['xmrig -o pool.example.org --donate-level=1', 'x STRATUM+TCP://y', 'gcc -o pool.o ', 'ls -l'],
  args: ['xmrig', '-o', 'pool.example.org', '--donate-level', '/usr/bin/xmrig', 7, true, 'stratum+tcp://x'],
  'user-agent': ['XMRig/6.1', 'xmrig/', 'Mozilla/5.0', 'a XMRig/6'],
  signature: ['ET Cryptocurrency Miner seen', 'Cryptomining', 'cryptomining x', 'Other'],
  payload: CALLS,
  'encoded-payload': CALLS.flatMap((call) => [
    call,
    Buffer.from(call).toString('base64'),
    Buffer.from(call).toString('hex'),
  ]),
};
const TIMES = ['2026-11-24T05:00:00Z', '2026-11-24', '2026-11-24T05:30:00+05:30', '1999-01-01', 1_795_500_000_000];
const CONTEXT: Readonly<Partial<Record<keyof typeof CONTEXT_FIELDS, readonly unknown[]>>> = {
  dataset: ['netflow.log', 'dns', ...HOST_DATASETS.map((start) => `${start}x`), ...FLOWS],
  module: ['netflow', 'suricata', ...HOST_MODULES],
  agent: ['filebeat', ...HOST_AGENTS],
  action: ['connection-denied', 'allow', 'netflow_flow', 'dropped by rule', ...DENIALS],
  type: ['denied', 'allowed', 'connection'],
  category: ['process', 'network'],
  created: TIMES,
  ingested: TIMES,
  direction: ['inbound', 'outbound', 'ingress', 'Egress', 'internal'],
  transport: ['tcp', 'UDP', 'icmp'],
  forwarded: ['10.9.9.9', 'x'],
  host: ['WEB1', 'jump1', ''],
  computer: ['PC7.corp', 'PC\u0007\u200b8', ''],
  ...Object.fromEntries(RESPONSES.map((name) => [name, ['NXDOMAIN', 'NOERROR', 3, ...DENIED_DNS]])),
  status: [407, 200, '407'],
  sourceBytes: [0, 100, '100', '1e3', true],
  sourcePackets: [0, 1],
  destinationBytes: [0, 100, ' 7 ', 'x'],
  destinationPackets: [0, 1],
  verdict: ['blocked', 'allowed'],
  namespace: ['berlin', 'default', 7],
};

type Entry = readonly [path: string, value: unknown];

const ODD = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 1e308, 2 ** 53, 0.5, '', 'denied', '2026-02-30', '0x10', [], {}),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('minexmr.com/'.repeat(200), `xmrig -o pool.${'ä'.repeat(2000)}`, `-o pool.${'😀'.repeat(800)}`),
);

function valuesFor(values: readonly unknown[]): fc.Arbitrary<unknown> {
  const one = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: ODD });
  const several = fc.array(fc.oneof(one, fc.array(one, { maxLength: 2 })), { maxLength: 4 });
  return fc.oneof({ weight: 5, arbitrary: one }, { weight: 1, arbitrary: several });
}

const observed: fc.Arbitrary<Entry> = fc
  .constantFrom(...CATALOGUE)
  .chain(({ field, kind }) => valuesFor(VALUES[kind]).map((value) => [field, value] as const));
const common: fc.Arbitrary<Entry> = fc
  .constantFrom<Entry>(
    ['source.ip', ADDRESSES],
    ['source.port', PORTS],
    ['destination.ip', ADDRESSES],
    ['destination.port', PORTS],
    ['dns.question.name', HOSTS],
    ['dns.answers.data', ADDRESSES],
    ['source.address', VALUES.host],
    ['@timestamp', TIMES],
  )
  .chain(([field, values]) => valuesFor(values as readonly unknown[]).map((value) => [field, value] as const));
const circumstance: fc.Arbitrary<Entry> = fc
  .constantFrom(...(Object.keys(CONTEXT_FIELDS) as (keyof typeof CONTEXT_FIELDS)[]))
  .chain((name) => valuesFor(CONTEXT[name] ?? ['x', 5]).map((value) => [CONTEXT_FIELDS[name], value] as const));

const ENRICHMENT = {
  indicator: { name: '3333' },
  matched: { index: 'test-port', field: 'destination.port', atomic: '3333' },
};
/** What other tools, or an earlier tag, may have left where a tag goes. */
const taggedBefore: fc.Arbitrary<Entry> = fc.constantFrom<Entry>(
  ['tags', 'T1496'],
  ['tags', ['beats', 'cryptomining']],
  ['tags', { odd: 1 }],
  ['threat.framework', 'MITRE ATT&CK'],
  ['threat.technique.id', ['T1059']],
  ['threat.technique', [{ id: 'T1059' }, { id: 'T1496' }]],
  ['threat.tactic', 'odd'],
  ['threat.enrichments', [ENRICHMENT]],
  ['threat.enrichments', { ...ENRICHMENT, 'matched.atomic': '9' }],
  ['threat.enrichments.matched.index', 'x'],
  ['minecanary.score', 21],
  ['minecanary.kind', ['port']],
  ['minecanary', { stage: 'worker', reason: 'old', incident: { id: 'x' } }],
);

/** Sets a value under a path, cut into keys after the segments whose bit is set; an object in the way stays. */
function spell(event: Record<string, unknown>, [path, value]: Entry, cuts: number): void {
  const names: string[] = [];
  for (const [i, segment] of path.split('.').entries()) {
    if (i === 0 || (cuts >> i) & 1) names.push(segment);
    else names.push(`${names.pop()}.${segment}`);
  }
  const last = names.pop() ?? '';
  let parent = event;
  for (const name of names) {
    const inner = (parent[name] ??= {});
    if (typeof inner !== 'object' || Array.isArray(inner)) return;
    parent = inner as Record<string, unknown>;
  }
  parent[last] ??= value;
}

const NESTED = 255;

/** Spelled nested as a rule, now and then dotted or mixed. */
export const randomEvents: fc.Arbitrary<EventDocument> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: observed }, { weight: 4, arbitrary: common }, circumstance), {
      maxLength: 14,
    }),
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(taggedBefore, { maxLength: 3 })),
    fc.oneof({ weight: 6, arbitrary: fc.constant(NESTED) }, fc.constant(0), fc.nat(NESTED)),
    fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  )
  .map(([entries, before, cuts, mixed]) => {
    const event: Record<string, unknown> = {};
    for (const [i, entry] of [...entries, ...before].entries())
      spell(event, entry, mixed ? (cuts * 31 * (i + 1)) & 255 : cuts);
    return event;
  });

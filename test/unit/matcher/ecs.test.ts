import { EcsFlat } from '@elastic/ecs';
import { describe, expect, test } from '@jest/globals';
import { CATALOGUE, type CatalogueField, CONTEXT_FIELDS, type FieldKind } from '../../../src/matcher/catalogue.ts';
import { PRODUCT_FIELDS } from '../../../src/matcher/catalogue-products.ts';

const flat: Readonly<Record<string, { readonly type: string }>> = EcsFlat;

describe('fields of ECS', () => {
  const outside = new Set(PRODUCT_FIELDS.map(({ field }) => field));
  /** What has a place of its own among those of ECS, and context that no part of ECS tells. */
  const OTHERS =
    /^(winlog|sysmon|suricata|netflow|fortinet|panw|cisco|aws|gcp)\.|^tls\.subject$|^dns\.question\.etld_plus_one$|^(alert\.action|dns\.rcode|dns\.ttl)$|^zeek\.dns\.TTLs$/;
  const isOutside = (field: string): boolean => outside.has(field) || OTHERS.test(field);
  const TYPES: Readonly<Record<FieldKind, readonly string[]>> = {
    port: ['long'],
    address: ['ip'],
    name: ['keyword'],
    host: ['keyword'],
    registered: ['keyword'],
    url: ['keyword', 'wildcard'],
    certificate: ['keyword'],
    answer: ['keyword', 'ip'],
    answers: [],
    process: ['keyword'],
    hash: ['keyword'],
    'command-line': ['wildcard', 'keyword'],
    args: ['keyword'],
    'user-agent': ['keyword'],
    signature: ['keyword'],
    payload: ['wildcard', 'keyword', 'match_only_text'],
    'encoded-payload': [],
  };
  const within = CATALOGUE.filter(({ field }) => !isOutside(field));

  test.each(within.map(({ field, kind }: CatalogueField) => [field, kind] as const))(
    '%s exists for a %s',
    (field, kind) => {
      expect(TYPES[kind]).toContain(flat[field]?.type);
    },
  );

  const CONTEXT_TYPES: Readonly<Record<string, string>> = {
    'event.created': 'date',
    'event.ingested': 'date',
    'network.forwarded_ip': 'ip',
    'dns.answers.ttl': 'long',
    'host.ip': 'ip',
    'http.response.status_code': 'long',
    'source.bytes': 'long',
    'source.packets': 'long',
    'destination.bytes': 'long',
    'destination.packets': 'long',
    'data_stream.namespace': 'constant_keyword',
    'data_stream.dataset': 'constant_keyword',
  };
  const told = Object.values(CONTEXT_FIELDS).filter((field) => !isOutside(field));

  test.each(told)('context field %s exists', (field) => {
    expect(flat[field]?.type).toBe(CONTEXT_TYPES[field] ?? 'keyword');
  });

  test('nothing in the list of others is in ECS', () => {
    const others = [...CATALOGUE.map(({ field }) => field), ...Object.values(CONTEXT_FIELDS)];
    expect(others.filter((field) => isOutside(field) && field in flat)).toEqual([]);
  });
});

describe('every field of ECS that may carry an observable is in the catalogue, or left out for a reason', () => {
  const LAST_SEGMENT =
    /(?:^|[._])(?:ip|port|address|domain|hostname|url|uri|path|query|fragment|referrer|command_line|args|title|command|executable|md5|sha1|sha256|sha384|sha512|cdhash|ssdeep|tlsh|hash|imphash|thumbprint_sha256|alternative_names|common_name|distinguished_name|subject|issuer|content|message|text|full|data|original|original_file_name|application|env_vars|strings)$/;
  const NAMES =
    /^(?:rule|user_agent)\.|(?:^|\.)(?:process|parent|previous|responsible|entry_leader|group_leader|session_leader|thread|file|dll|host|observer|agent|service|question|answers|network|image|server|client|software)[._]name$/;

  /** In order: a field is left out by the first that fits. */
  const LEFT_OUT: readonly (readonly [RegExp, string])[] = [
    [/^threat\./, 'what detections write, ours among them'],
    [/^related\./, 'copies of values that stand elsewhere, without a side'],
    [/^(observer|agent|log\.syslog)\./, 'who tells of the traffic'],
    [
      /^(cloud|orchestrator|container|service|faas|package|registry|data_stream|volume|device|gen_ai)\./,
      'no traffic, no program',
    ],
    [/(^|\.)(entity|geo|as|os)\./, 'describes something else that has a field'],
    [
      /(^|\.)(user|group|real_user|saved_user|attested_user|real_group|saved_group)\.|^user\./,
      'names of users are no hosts',
    ],
    [/^(host|host\.target)\./, 'the machine the event is of: whom to suspect'],
    [/^email\./, 'mail runs nothing, and its addresses are no hosts'],
    [/^network\.forwarded_ip$/, 'whom a shared host speaks for: context'],
    [/^network\.name$/, 'a part of our own network'],
    [
      /^(event|rule|error|log)\.(url|reference|hash|author|license|id|uuid|version|ruleset|path|file\.path|origin\.file\.name|message)$/,
      'about the event, or the rule',
    ],
    [/^url\.(query|fragment)$|^url\.(username|password)$/, 'a part of `url.original`; indicators end before it'],
    [/^user_agent\.(?!original$)/, 'made from `user_agent.original`'],
    [/top_level_domain$|subdomain$/, 'a part of a name'],
    [/\.(entry_leader|group_leader|session_leader|previous|responsible)\./, 'a process that has events of its own'],
    [
      /^process\.(io\.text|env_vars|thread\.name)|^process\.parent\.thread\.name$/,
      'what a program shows or is told, not what runs',
    ],
    [
      /^(file|dll)\.(name|path|target_path|fork_name|origin_url|origin_referrer_url)$/,
      'where a file lies or came from: nobody runs it',
    ],
    [/(pe|elf|macho)\.(?!original_file_name$)/, 'hashes of parts: no list has them'],
    [/\.hash\.(cdhash|sha384|sha512|ssdeep|tlsh)$/, 'no list of miners has them'],
    [/code_signature\./, 'who signed it: no list has them'],
    [/^tls\.(client|server)\.hash\./, 'hash of a certificate, not of a program'],
    [/^tls\.client\.(x509\.|subject$|issuer$)/, 'certificate of the client'],
    [/issuer(\.|$)/, 'who signed a certificate'],
    [/^tls\.server\.x509\.subject\.distinguished_name$/, 'holds `tls.server.subject` once more'],
    [/^file\.x509\./, 'a certificate apart from any connection'],
  ];
  const known = new Set(CATALOGUE.map(({ field }) => field));
  const candidates = Object.keys(flat).filter(
    (field) => flat[field]?.type === 'ip' || LAST_SEGMENT.test(field) || NAMES.test(field),
  );
  const left = candidates.filter((field) => !known.has(field));
  const first = new Map(left.map((field) => [field, LEFT_OUT.find(([pattern]) => pattern.test(field))?.[0]]));

  test('of all candidates', () => {
    expect(candidates.length).toBeGreaterThan(400);
    expect(left.filter((field) => !LEFT_OUT.some(([pattern]) => pattern.test(field)))).toEqual([]);
  });

  test.each(LEFT_OUT)('%s: %s', (pattern) => {
    expect(left.filter((field) => first.get(field) === pattern)).not.toEqual([]);
    // What is read is no exception to what is not.
    expect([...known].filter((field) => field in flat && pattern.test(field))).toEqual([]);
  });

  test('and the patterns see all that is in the catalogue', () => {
    const seen = new Set(candidates);
    expect([...known].filter((field) => field in flat && !seen.has(field))).toEqual([]);
  });
});

import type { Side } from '../model/event.ts';

/**
 * What a field may hold:
 * `port` a number or numeric text; `address` an IP address; `name` a host name; `host` either, perhaps with a port;
 * `registered` the registered domain of a name that stands elsewhere, read where that name is missing;
 * `url` an absolute URL, `host:port` of a proxy's CONNECT, or a path; `answer` a DNS answer, name or address;
 * `process` a program's path or name; `hash` its hash, or several (`MD5=…,SHA256=…`); `command-line`, `user-agent`,
 * `signature` a text; `args` one argument of many that make a command line; `payload` what was sent, or a log line of it.
 */
export type FieldKind =
  | 'port'
  | 'address'
  | 'name'
  | 'host'
  | 'registered'
  | 'url'
  | 'answer'
  | 'process'
  | 'hash'
  | 'command-line'
  | 'args'
  | 'user-agent'
  | 'signature'
  | 'payload';

export interface CatalogueField {
  readonly field: string;
  readonly kind: FieldKind;
  readonly side: Side;
  /** Addresses and ports of one endpoint share it: together they make sockets. */
  readonly endpoint?: string;
}

const SIDES = { source: 'client', client: 'client', destination: 'server', server: 'server' } as const;

function endpoint(name: keyof typeof SIDES): CatalogueField[] {
  const side = SIDES[name];
  const nat = `${name}.nat`;
  return [
    { field: `${name}.ip`, kind: 'address', side, endpoint: name },
    { field: `${name}.port`, kind: 'port', side, endpoint: name },
    { field: `${name}.address`, kind: 'host', side, endpoint: name },
    { field: `${name}.domain`, kind: 'host', side },
    { field: `${nat}.ip`, kind: 'address', side, endpoint: nat },
    { field: `${nat}.port`, kind: 'port', side, endpoint: nat },
  ];
}

/** Fields outside ECS that hold one endpoint: its port and the fields that may hold its address. */
function outsideEcs(side: 'client' | 'server', port: string, addresses: readonly string[]): CatalogueField[] {
  return [
    ...addresses.map((field): CatalogueField => ({ field, kind: 'host', side, endpoint: port })),
    { field: port, kind: 'port', side, endpoint: port },
  ];
}

const EVE = 'suricata.eve';
const WIN = 'winlog.event_data';
const FLOW = 'netflow';

function texts(kind: FieldKind, ...fields: readonly string[]): CatalogueField[] {
  return fields.map((field) => ({ field, kind, side: 'none' }));
}

/** The fields of a process, or of its parent. */
function processFields(at: string): CatalogueField[] {
  return [
    ...texts('process', `${at}.executable`, `${at}.name`, `${at}.pe.original_file_name`),
    ...texts('hash', `${at}.hash.md5`, `${at}.hash.sha1`, `${at}.hash.sha256`),
    ...texts('command-line', `${at}.command_line`),
    ...texts('args', `${at}.args`),
  ];
}

/**
 * Every field the matcher reads observables from, ECS first: where one value stands in several fields, the first is
 * named. Registered domains stand last, behind every field that could hold the whole name. docs/FIELDS.md is
 * generated from it.
 */
export const CATALOGUE: readonly CatalogueField[] = [
  ...endpoint('source'),
  ...endpoint('destination'),
  ...endpoint('client'),
  ...endpoint('server'),
  { field: 'dns.question.name', kind: 'name', side: 'none' },
  { field: 'dns.answers.name', kind: 'name', side: 'none' },
  { field: 'dns.answers.data', kind: 'answer', side: 'none' },
  { field: 'dns.resolved_ip', kind: 'answer', side: 'none' },
  { field: 'tls.client.server_name', kind: 'name', side: 'server' },
  { field: 'url.domain', kind: 'host', side: 'server', endpoint: 'url' },
  { field: 'url.port', kind: 'port', side: 'server', endpoint: 'url' },
  { field: 'url.full', kind: 'url', side: 'server' },
  { field: 'url.original', kind: 'url', side: 'server' },
  { field: 'url.path', kind: 'url', side: 'server' },
  { field: 'http.request.referrer', kind: 'url', side: 'none' },
  ...processFields('process'),
  ...processFields('process.parent'),
  ...texts('user-agent', 'user_agent.original'),
  ...texts('signature', 'rule.name', 'rule.category'),
  ...texts('payload', 'http.request.body.content', 'http.response.body.content', 'message', 'event.original'),
  { field: 'dns.question.domain', kind: 'name', side: 'none' },
  { field: 'zeek.dns.query', kind: 'name', side: 'none' },
  { field: 'zeek.ssl.server.name', kind: 'name', side: 'server' },
  { field: `${EVE}.dns.rrname`, kind: 'name', side: 'none' },
  { field: `${EVE}.tls.sni`, kind: 'name', side: 'server' },
  { field: `${EVE}.http.hostname`, kind: 'host', side: 'server' },
  ...outsideEcs('client', `${EVE}.src_port`, [`${EVE}.src_ip`]),
  ...outsideEcs('server', `${EVE}.dest_port`, [`${EVE}.dest_ip`]),
  ...outsideEcs('client', 'src_port', ['src_ip']),
  ...outsideEcs('server', 'dest_port', ['dest_ip']),
  { field: `${WIN}.QueryName`, kind: 'name', side: 'none' },
  { field: `${WIN}.DestinationHostname`, kind: 'host', side: 'server' },
  ...outsideEcs('client', `${WIN}.SourcePort`, [`${WIN}.SourceIp`, `${WIN}.SourceAddress`]),
  ...outsideEcs('server', `${WIN}.DestinationPort`, [`${WIN}.DestinationIp`]),
  ...outsideEcs('server', `${WIN}.DestPort`, [`${WIN}.DestAddress`]),
  ...texts('process', `${WIN}.Image`, `${WIN}.NewProcessName`, `${WIN}.ParentImage`, `${WIN}.ParentProcessName`),
  ...texts('process', `${WIN}.OriginalFileName`, `${WIN}.Application`),
  ...texts('hash', `${WIN}.Hashes`),
  ...texts('command-line', `${WIN}.CommandLine`, `${WIN}.ParentCommandLine`, `${WIN}.ProcessCommandLine`),
  ...texts('signature', `${EVE}.alert.signature`, `${EVE}.alert.category`, 'alert.signature', 'alert.category'),
  ...texts('user-agent', `${EVE}.http.http_user_agent`),
  ...texts('payload', `${EVE}.payload_printable`, 'payload_printable'),
  ...outsideEcs('client', `${FLOW}.source_transport_port`, [
    `${FLOW}.source_ipv4_address`,
    `${FLOW}.source_ipv6_address`,
  ]),
  ...outsideEcs('server', `${FLOW}.destination_transport_port`, [
    `${FLOW}.destination_ipv4_address`,
    `${FLOW}.destination_ipv6_address`,
  ]),
  { field: 'source.registered_domain', kind: 'registered', side: 'client' },
  { field: 'client.registered_domain', kind: 'registered', side: 'client' },
  { field: 'destination.registered_domain', kind: 'registered', side: 'server' },
  { field: 'server.registered_domain', kind: 'registered', side: 'server' },
  { field: 'url.registered_domain', kind: 'registered', side: 'server' },
  { field: 'dns.question.registered_domain', kind: 'registered', side: 'none' },
];

/** Fields that give the matcher context: denial, time, entity, transport. No observables are read from them. */
export const CONTEXT_FIELDS = {
  dataset: 'event.dataset',
  module: 'event.module',
  action: 'event.action',
  type: 'event.type',
  category: 'event.category',
  created: 'event.created',
  ingested: 'event.ingested',
  direction: 'network.direction',
  transport: 'network.transport',
  forwarded: 'network.forwarded_ip',
  user: 'user.name',
  sourceUser: 'source.user.name',
  host: 'host.name',
  computer: 'winlog.computer_name',
  channel: 'winlog.channel',
  agent: 'agent.type',
  responseCode: 'dns.response_code',
  queryStatus: 'sysmon.dns.status',
  rawQueryStatus: 'winlog.event_data.QueryStatus',
  status: 'http.response.status_code',
  sourceBytes: 'source.bytes',
  sourcePackets: 'source.packets',
  destinationBytes: 'destination.bytes',
  destinationPackets: 'destination.packets',
  flow: 'netflow.type',
  exporter: 'netflow.exporter.address',
  verdict: 'suricata.eve.alert.action',
  namespace: 'data_stream.namespace',
  streamDataset: 'data_stream.dataset',
} as const;
export type ContextName = keyof typeof CONTEXT_FIELDS;

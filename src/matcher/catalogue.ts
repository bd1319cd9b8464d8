import { type CatalogueField, texts } from './catalogue-field.ts';
import { PRODUCT_FIELDS } from './catalogue-products.ts';

export type { CatalogueField, FieldKind } from './catalogue-field.ts';

const SIDES = { source: 'client', client: 'client', destination: 'server', server: 'server' } as const;

function ecsEndpoint(name: keyof typeof SIDES): CatalogueField[] {
  const side = SIDES[name];
  const nat = `${name}.nat`;
  return [
    { field: `${name}.ip`, kind: 'address', side, endpoint: name },
    { field: `${name}.port`, kind: 'port', side, endpoint: name },
    { field: `${name}.address`, kind: 'host', side, endpoint: name },
    { field: `${name}.domain`, kind: 'host', side },
    { field: `${nat}.ip`, kind: 'address', side, endpoint: nat, nat: true },
    { field: `${nat}.port`, kind: 'port', side, endpoint: nat, nat: true },
  ];
}

function hashFields(at: string): CatalogueField[] {
  return texts('hash', `${at}.hash.md5`, `${at}.hash.sha1`, `${at}.hash.sha256`);
}

/** The fields of a process, or of its parent. */
function processFields(at: string): CatalogueField[] {
  return [
    ...texts('process', `${at}.executable`, `${at}.name`, `${at}.pe.original_file_name`),
    ...hashFields(at),
    ...texts('command-line', `${at}.command_line`, `${at}.title`),
    ...texts('args', `${at}.args`),
  ];
}

/** A program that lies here or was sent, by what it is: the name of a file that no one runs tells nothing. */
function fileFields(at: string): CatalogueField[] {
  return [...texts('process', `${at}.pe.original_file_name`), ...hashFields(at)];
}

/** Fields of which one value may tell of another's parent: they are read behind every field that holds the whole. */
const LAST: readonly CatalogueField[] = [
  { field: 'tls.server.x509.subject.common_name', kind: 'certificate', side: 'server' },
  { field: 'tls.server.x509.alternative_names', kind: 'certificate', side: 'server' },
  { field: 'tls.server.subject', kind: 'certificate', side: 'server' },
  { field: 'suricata.eve.tls.subject', kind: 'certificate', side: 'server' },
  { field: 'tls.subject', kind: 'certificate', side: 'server' },
  { field: 'source.registered_domain', kind: 'registered', side: 'client' },
  { field: 'client.registered_domain', kind: 'registered', side: 'client' },
  { field: 'destination.registered_domain', kind: 'registered', side: 'server' },
  { field: 'server.registered_domain', kind: 'registered', side: 'server' },
  { field: 'url.registered_domain', kind: 'registered', side: 'server' },
  { field: 'dns.question.registered_domain', kind: 'registered', side: 'none' },
  { field: 'dns.question.etld_plus_one', kind: 'registered', side: 'none' },
];

/**
 * Every field the matcher reads observables from, ECS first: where one value stands in several fields, the first is
 * named. docs/FIELDS.md is generated from it.
 */
export const CATALOGUE: readonly CatalogueField[] = [
  ...ecsEndpoint('source'),
  ...ecsEndpoint('destination'),
  ...ecsEndpoint('client'),
  ...ecsEndpoint('server'),
  ...texts('name', 'dns.question.name', 'dns.answers.name'),
  ...texts('answer', 'dns.answers.data', 'dns.resolved_ip'),
  { field: 'tls.client.server_name', kind: 'name', side: 'server' },
  { field: 'url.domain', kind: 'host', side: 'server', endpoint: 'url' },
  { field: 'url.port', kind: 'port', side: 'server', endpoint: 'url' },
  { field: 'url.full', kind: 'url', side: 'server' },
  { field: 'url.original', kind: 'url', side: 'server' },
  { field: 'url.path', kind: 'url', side: 'server' },
  ...texts('url', 'http.request.referrer'),
  ...processFields('process'),
  ...processFields('process.parent'),
  ...fileFields('file'),
  ...fileFields('dll'),
  ...texts('user-agent', 'user_agent.original'),
  ...texts('signature', 'rule.name', 'rule.category', 'rule.description', 'network.application'),
  ...texts('payload', 'http.request.body.content', 'http.response.body.content', 'message', 'event.original'),
  ...PRODUCT_FIELDS,
  ...LAST,
];

const TRANSLATED = new Set(CATALOGUE.filter(({ nat }) => nat === true).map(({ field }) => field));

/** Whether a field of the catalogue tells of an endpoint after translation. */
export function isTranslated(field: string): boolean {
  return TRANSLATED.has(field);
}

/** Fields that give the matcher context: denial, time, entity, transport, answers. No observables are read from them. */
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
  hostIp: 'host.ip',
  initiated: 'winlog.event_data.Initiated',
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
  rootVerdict: 'alert.action',
  fortinetVerdict: 'fortinet.firewall.action',
  panosVerdict: 'panw.panos.action',
  ftdVerdict: 'cisco.ftd.security.access_control_rule_action',
  vpcVerdict: 'aws.vpcflow.action',
  gcpVerdict: 'gcp.firewall.rule_details.action',
  eveResponse: 'suricata.eve.dns.rcode',
  rootResponse: 'dns.rcode',
  answerTtl: 'dns.answers.ttl',
  zeekTtl: 'zeek.dns.TTLs',
  eveTtl: 'suricata.eve.dns.answers.ttl',
  rootTtl: 'dns.ttl',
  hostAddress: 'host.ip',
  namespace: 'data_stream.namespace',
  streamDataset: 'data_stream.dataset',
} as const;
export type ContextName = keyof typeof CONTEXT_FIELDS;

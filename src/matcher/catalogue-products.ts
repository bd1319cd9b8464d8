import { type CatalogueField, endpoint, texts, translated } from './catalogue-field.ts';

/** Suricata's own event, under a prefix or, as SELKS keeps it, at the root. */
function eve(prefix: string): CatalogueField[] {
  const at = (name: string) => `${prefix}${name}`;
  return [
    ...endpoint('client', at('src_port'), at('src_ip')),
    ...endpoint('server', at('dest_port'), at('dest_ip')),
    ...texts('name', at('dns.rrname'), at('dns.queries.rrname'), at('dns.answers.rrname')),
    ...texts('answer', at('dns.rdata'), at('dns.answers.rdata')),
    { field: at('tls.sni'), kind: 'name', side: 'server' },
    { field: at('http.hostname'), kind: 'host', side: 'server' },
    { field: at('http.http_port'), kind: 'port', side: 'server' },
    { field: at('http.url'), kind: 'url', side: 'server' },
    ...texts('url', at('http.http_refer')),
    ...texts('user-agent', at('http.http_user_agent')),
    ...texts('signature', at('alert.signature'), at('alert.category')),
    ...texts('hash', at('fileinfo.md5'), at('fileinfo.sha1'), at('fileinfo.sha256')),
    ...texts('payload', at('payload_printable'), at('http.http_request_body_printable')),
    ...texts('payload', at('http.http_response_body_printable')),
    ...texts('encoded-payload', at('payload'), at('payload_hex')),
  ];
}

const WIN = 'winlog.event_data';

/** Sysmon and Windows Security before an ingest pipeline. Who logs on, or asks for a ticket, is a client of this host. */
const WINDOWS: readonly CatalogueField[] = [
  ...texts('name', `${WIN}.QueryName`),
  ...texts('answers', `${WIN}.QueryResults`),
  { field: `${WIN}.SourceHostname`, kind: 'host', side: 'client' },
  { field: `${WIN}.DestinationHostname`, kind: 'host', side: 'server' },
  ...endpoint('client', `${WIN}.SourcePort`, `${WIN}.SourceIp`, `${WIN}.SourceAddress`),
  ...endpoint('server', `${WIN}.DestinationPort`, `${WIN}.DestinationIp`),
  ...endpoint('server', `${WIN}.DestPort`, `${WIN}.DestAddress`),
  ...endpoint('client', `${WIN}.IpPort`, `${WIN}.IpAddress`),
  { field: `${WIN}.ClientAddress`, kind: 'host', side: 'client' },
  ...texts('process', `${WIN}.Image`, `${WIN}.NewProcessName`, `${WIN}.ParentImage`, `${WIN}.ParentProcessName`),
  ...texts('process', `${WIN}.OriginalFileName`, `${WIN}.Application`, `${WIN}.ProcessName`),
  ...texts('process', `${WIN}.CallerProcessName`, `${WIN}.SourceImage`, `${WIN}.TargetImage`),
  ...texts('hash', `${WIN}.Hashes`, `${WIN}.Hash`),
  ...texts('command-line', `${WIN}.CommandLine`, `${WIN}.ParentCommandLine`, `${WIN}.ProcessCommandLine`),
  ...texts('command-line', `${WIN}.ServiceFileName`, `${WIN}.ImagePath`),
];

const ZEEK: readonly CatalogueField[] = [
  ...texts('name', 'dns.question.domain', 'zeek.dns.query'),
  ...texts('answer', 'zeek.dns.answers'),
  { field: 'zeek.ssl.server.name', kind: 'name', side: 'server' },
  ...endpoint('server', 'zeek.socks.request.port', 'zeek.socks.request.host'),
  ...texts('hash', 'zeek.files.md5', 'zeek.files.sha1', 'zeek.files.sha256'),
];

const FLOW = 'netflow';

const NETFLOW: readonly CatalogueField[] = [
  ...endpoint('client', `${FLOW}.source_transport_port`, `${FLOW}.source_ipv4_address`, `${FLOW}.source_ipv6_address`),
  ...endpoint(
    'server',
    `${FLOW}.destination_transport_port`,
    `${FLOW}.destination_ipv4_address`,
    `${FLOW}.destination_ipv6_address`,
  ),
  ...translated(
    'client',
    `${FLOW}.post_napt_source_transport_port`,
    `${FLOW}.post_nat_source_ipv4_address`,
    `${FLOW}.post_nat_source_ipv6_address`,
  ),
  ...translated(
    'server',
    `${FLOW}.post_napt_destination_transport_port`,
    `${FLOW}.post_nat_destination_ipv4_address`,
    `${FLOW}.post_nat_destination_ipv6_address`,
  ),
  ...translated('client', `${FLOW}.asa_xlate_src_port`, `${FLOW}.asa_xlate_src_addr_ipv4`),
  ...translated('server', `${FLOW}.asa_xlate_dst_port`, `${FLOW}.asa_xlate_dst_addr_ipv4`),
];

function mapped(product: string): CatalogueField[] {
  return [
    ...translated('client', `${product}.mapped_source_port`, `${product}.mapped_source_ip`),
    ...translated('server', `${product}.mapped_destination_port`, `${product}.mapped_destination_ip`),
    { field: `${product}.mapped_source_host`, kind: 'host', side: 'client', nat: true },
    { field: `${product}.mapped_destination_host`, kind: 'host', side: 'server', nat: true },
  ];
}

const FTD = 'cisco.ftd.security';

const CISCO: readonly CatalogueField[] = [
  ...mapped('cisco.asa'),
  ...mapped('cisco.ftd'),
  ...endpoint('client', `${FTD}.src_port`, `${FTD}.src_ip`),
  ...endpoint('server', `${FTD}.dst_port`, `${FTD}.dst_ip`),
  ...texts('name', `${FTD}.dns_query`),
  { field: `${FTD}.referenced_host`, kind: 'host', side: 'server' },
  { field: `${FTD}.url`, kind: 'url', side: 'server' },
  { field: `${FTD}.uri`, kind: 'url', side: 'server' },
  ...texts('url', `${FTD}.http_referer`),
  ...texts('user-agent', `${FTD}.user_agent`),
  ...texts('hash', `${FTD}.file_sha256`),
  ...texts('signature', `${FTD}.message`, `${FTD}.threat_name`),
  ...texts('signature', 'cisco.umbrella.categories', 'cisco.umbrella.blocked_categories'),
];

const OTHERS: readonly CatalogueField[] = [
  ...translated('client', 'panw.panos.source.nat.port', 'panw.panos.source.nat.ip'),
  ...translated('server', 'panw.panos.destination.nat.port', 'panw.panos.destination.nat.ip'),
  ...texts('signature', 'panw.panos.threat.name', 'panw.panos.url.category', 'fortinet.firewall.attack'),
  { field: 'aws.vpcflow.pkt_srcaddr', kind: 'host', side: 'client' },
  { field: 'aws.vpcflow.pkt_dstaddr', kind: 'host', side: 'server' },
  // The server behind a load balancer. Its port is inside, and often one that web applications like.
  { field: 'aws.elb.backend.ip', kind: 'address', side: 'server' },
  { field: 'nginx_ingress_controller.access.upstream.ip', kind: 'address', side: 'server' },
  ...texts('signature', 'aws.guardduty.type'),
  ...texts('command-line', 'system.auth.sudo.command'),
  { field: 'http.request.headers.host', kind: 'host', side: 'server' },
  ...texts('user-agent', 'http.request.headers.user-agent'),
  { field: 'tls.detailed.client_hello.extensions.server_name_indication', kind: 'name', side: 'server' },
];

/** Fields outside ECS: of integrations, of sources before ECS, of sensors that keep a shape of their own. */
export const PRODUCT_FIELDS: readonly CatalogueField[] = [
  ...ZEEK,
  ...eve('suricata.eve.'),
  ...eve(''),
  ...WINDOWS,
  ...NETFLOW,
  ...CISCO,
  ...OTHERS,
];

import { ADDRESSES, NAMES, PORTS, type RowsOf } from './by-kind.ts';
import type { EsqlHunt } from './hunt.ts';
import { counted, DENIED, holdsAny, joinAddress, joinName, joinPort, LISTED_BY } from './parts.ts';
import { esqlList } from './text.ts';

/** Datasets of integrations, by what the article calls their source. Others are added by hand. */
const DATASETS = {
  firewall: [
    'cisco_asa.log',
    'cisco_ftd.log',
    'cisco.asa',
    'panw.panos',
    'fortinet_fortigate.log',
    'fortinet.firewall',
    'checkpoint.firewall',
    'juniper_srx.log',
    'pfsense.log',
    'sophos.xg',
    'sonicwall_firewall.log',
    'iptables.log',
  ],
  proxy: ['squid.log', 'zscaler_zia.web', 'netskope.events', 'cisco_umbrella.log', 'zeek.http', 'suricata.eve'],
  loadBalancer: ['haproxy.log', 'nginx.access', 'traefik.access', 'aws.elb_logs', 'f5_bigip.log', 'citrix_waf.log'],
  ids: ['suricata.eve', 'snort.log', 'zeek.notice', 'cisco_ftd.log', 'panw.panos', 'fortinet_fortigate.log'],
  netflow: ['netflow.log', 'aws.vpcflow', 'gcp.vpcflow', 'network_traffic.flow', 'zeek.connection'],
  dns: ['zeek.dns', 'network_traffic.dns', 'suricata.eve', 'cisco_umbrella.log', 'infoblox_nios.log'],
} as const;

const of = (source: keyof typeof DATASETS): string => `| WHERE event.dataset IN (${esqlList(DATASETS[source])})`;
const OWN = 'Datasets of common integrations: add your own to the first line.';
const SYSMON = '| WHERE event.provider == "Microsoft-Windows-Sysmon" AND event.code == "3"';
const AUDIT = '| WHERE event.provider == "Microsoft-Windows-Security-Auditing" AND event.code == "4688"';

/** What sees connections. */
function flowSources(): EsqlHunt[] {
  return [
    {
      name: 'source-firewall',
      title: 'Firewall: ports that pools listen on',
      question: 'which connections to ports of mining pools did the firewall see, and how many did it deny?',
      notes: [OWN],
      commands: [
        of('firewall'),
        ...joinPort('destination.port', PORTS),
        ...counted(['source.ip', 'destination.ip', 'indicator.port'], [DENIED]),
      ],
    },
    {
      name: 'source-load-balancer',
      title: 'Load balancer: pools among the clients',
      question: 'do addresses of mining pools come to our own services?',
      notes: [OWN, 'A service of ours that pools talk to may be a proxy of miners.'],
      commands: [
        of('loadBalancer'),
        '| WHERE source.ip IS NOT NULL',
        ...joinAddress('source.ip', 'source.port', ADDRESSES),
        ...counted(['source.ip', 'destination.ip', 'destination.port', ...LISTED_BY]),
      ],
    },
    {
      name: 'source-netflow',
      title: 'NetFlow: ports that pools listen on, with bytes',
      question: 'which flows to ports of mining pools are there, how long and how large?',
      notes: [OWN],
      commands: [
        of('netflow'),
        ...joinPort('destination.port', PORTS),
        ...counted(
          ['source.ip', 'destination.ip', 'indicator.port'],
          ['bytes = SUM(network.bytes)', 'longest = MAX(event.duration)'],
        ),
      ],
    },
  ];
}

/** What sees names. */
function nameSources(): EsqlHunt[] {
  return [
    {
      name: 'source-proxy',
      title: 'Proxy: names of pools and browser miners',
      question: 'who asked the proxy for a name of a mining pool or a browser miner?',
      notes: [OWN],
      commands: [
        of('proxy'),
        ...joinName('COALESCE(url.domain, destination.domain)', NAMES),
        ...counted(['source.ip', 'user.name', ...LISTED_BY, 'indicator.category']),
      ],
    },
    {
      name: 'source-dns',
      title: 'DNS: names of pools',
      question: 'who asks for names of mining pools, and is answered?',
      notes: [OWN, 'NXDOMAIN and the like are blocked or mistaken: an attempt, not mining traffic.'],
      commands: [
        of('dns'),
        ...joinName('dns.question.name', NAMES),
        ...counted(['source.ip', ...LISTED_BY], ['names = VALUES(asked)', 'codes = VALUES(dns.response_code)']),
      ],
    },
  ];
}

function hostSources(rowsOf: RowsOf): EsqlHunt[] {
  const methods = rowsOf('payload').filter(({ params }) => params === undefined);
  return [
    {
      name: 'source-ids',
      title: 'IDS/IPS: rules on mining',
      question: 'which rules on mining did the IDS raise, and between whom?',
      notes: [OWN],
      commands: [
        of('ids'),
        ...holdsAny('COALESCE(rule.name, rule.category)', rowsOf('signature'), 'whole'),
        ...counted(['source.ip', 'destination.ip', 'rule.name', 'event.action']),
      ],
    },
    {
      name: 'source-application',
      title: 'Applications: Stratum in messages',
      question: 'which services log the protocol between a miner and its pool?',
      notes: ['Only methods that stand for themselves; those that need parameters are left to the worker.'],
      commands: [
        ...holdsAny(
          'message',
          methods.map((row) => ({ ...row, value: `*"${row.value}"*` })),
          'whole',
        ),
        ...counted(['host.name', 'service.name', 'event.dataset', 'message']),
      ],
    },
    {
      name: 'source-sysmon',
      title: 'Sysmon: programs that connect to ports of pools',
      question: 'which programs connect to ports that mining pools listen on?',
      notes: ['Event 3, network connection.'],
      commands: [
        SYSMON,
        ...joinPort('destination.port', PORTS),
        ...counted(['host.name', 'process.executable', 'destination.ip', 'indicator.port']),
      ],
    },
    {
      name: 'source-windows-security',
      title: 'Windows Security: miners started',
      question: 'who started a miner, by its command line?',
      notes: ['Event 4688; command lines stand in it only where that is switched on by policy.'],
      commands: [
        AUDIT,
        ...holdsAny('process.command_line', rowsOf('command-line'), 'anywhere'),
        ...counted(['host.name', 'user.name', 'process.executable', 'process.command_line']),
      ],
    },
  ];
}

/** One hunt for each data source of the article. */
export function huntsBySource(rowsOf: RowsOf): EsqlHunt[] {
  return [...flowSources(), ...nameSources(), ...hostSources(rowsOf)];
}

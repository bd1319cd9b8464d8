import type { Indicator, Kind } from '../../model/indicator.ts';
import { BEACONS } from './beacons.ts';
import type { EsqlHunt } from './hunt.ts';
import { counted, holdsAny, joinAddress, joinName, joinPort, LISTED_BY, WHO } from './parts.ts';

/** Rows of a kind that weigh something. */
export type RowsOf = (kind: Kind) => readonly Indicator[];

export const PORTS = 'sec-port-cryptomining';
export const NAMES = 'pool-domains';
export const ADDRESSES = 'pool-addresses';
export const PROCESSES = 'mining-processes';

const ANY_NAME = 'COALESCE(dns.question.name, tls.client.server_name, url.domain, destination.domain)';
const TO = ['destination.ip', 'indicator.port'];

function ports(): EsqlHunt[] {
  return [
    {
      name: 'ports-server',
      title: 'Ports that pools listen on, server side',
      question: 'who connects to a port that mining pools listen on, where, and how often?',
      notes: ['The hunt of the article. A port alone is weak evidence: each of these has honest uses.'],
      commands: [...joinPort('destination.port', PORTS), ...counted(['source.ip', ...TO])],
    },
    {
      name: 'ports-client',
      title: 'Ports that pools listen on, client side',
      question: 'who is answered from a port that mining pools listen on, or uses one itself?',
      notes: ['The other half of the article: flow records have the sides as their exporter saw them.'],
      commands: [...joinPort('source.port', PORTS), ...counted(['source.ip', 'indicator.port', 'destination.ip'])],
    },
  ];
}

function places(): EsqlHunt[] {
  return [
    {
      name: 'pool-names',
      title: 'Names of pools, by host',
      question: 'which hosts ask for, or talk to, names of mining pools?',
      notes: ['Names up to five labels below a listed one are found.'],
      commands: [...joinName(ANY_NAME, NAMES), ...counted([WHO, ...LISTED_BY], ['names = VALUES(asked)'])],
    },
    {
      name: 'pool-addresses',
      title: 'Addresses of pools',
      question: 'which hosts connect to addresses of mining pools?',
      notes: ['Rows with a port are found at that port only; networks (CIDR) are left to the worker.'],
      commands: [
        '| WHERE destination.ip IS NOT NULL',
        ...joinAddress('destination.ip', 'destination.port', ADDRESSES),
        ...counted(['source.ip', 'destination.ip', ...LISTED_BY]),
      ],
    },
    {
      name: 'newly-seen',
      title: 'Names of pools, newly seen',
      question: 'which hosts asked for a pool in the last day, and not before in the range of time?',
      notes: ['Choose a range of a week or more: before it, nothing is known.'],
      commands: [
        ...joinName(ANY_NAME, NAMES),
        `| STATS events = COUNT(*), earliest = MIN(@timestamp), latest = MAX(@timestamp)`,
        `    BY ${[WHO, ...LISTED_BY].join(', ')}`,
        '| WHERE earliest >= NOW() - 1 day',
        '| SORT earliest DESC',
        '| LIMIT 1000',
      ],
    },
    BEACONS,
  ];
}

function texts(rowsOf: RowsOf): EsqlHunt[] {
  const urls = rowsOf('url').map((row) => ({ ...row, value: `*://*${row.value}*` }));
  return [
    {
      name: 'processes',
      title: 'Programs that mine',
      question: 'which hosts run a program with the name of a miner?',
      commands: [
        '| WHERE process.name IS NOT NULL',
        // Windows takes no account of case.
        '| EVAL indicator.process = CASE(TO_LOWER(process.name) LIKE "*.exe", TO_LOWER(process.name), process.name)',
        '| MV_EXPAND indicator.process',
        `| LOOKUP JOIN ${PROCESSES} ON indicator.process`,
        '| WHERE indicator.lookup IS NOT NULL',
        ...counted(['host.name', 'user.name', ...LISTED_BY]),
      ],
    },
    {
      name: 'command-lines',
      title: 'Command lines of miners',
      question: 'which hosts run a command line that starts a miner?',
      commands: [
        ...holdsAny('process.command_line', rowsOf('command-line'), 'anywhere'),
        ...counted(['host.name', 'user.name', 'process.name', 'process.command_line']),
      ],
    },
    {
      name: 'user-agents',
      title: 'User agents of miners',
      question: 'who speaks HTTP as a miner does?',
      commands: [
        ...holdsAny('user_agent.original', rowsOf('user-agent'), 'whole'),
        ...counted(['source.ip', 'url.domain', 'user_agent.original']),
      ],
    },
    {
      name: 'urls',
      title: 'Downloads of miners, and scripts that mine in browsers',
      question: 'who fetched a miner, or a page with one in it?',
      commands: [
        ...holdsAny('COALESCE(url.full, url.original)', urls, 'whole'),
        ...counted([WHO, 'url.domain', 'text']),
      ],
    },
  ];
}

/** One hunt for each kind of evidence. */
export function huntsByKind(rowsOf: RowsOf): EsqlHunt[] {
  return [...ports(), ...places(), ...texts(rowsOf)];
}

import type { Indicator, Kind } from '../../model/indicator.ts';
import { sigmaGlob, sigmaLiteral } from './sigma-text.ts';
import type { YamlValue } from './yaml.ts';

/** One way in which a row is found. */
export interface Selection {
  /** Field, with its modifiers; empty for a text anywhere in the event. */
  readonly field: string;
  readonly value: string | number;
}

/** How the rows of a kind are written as a rule. */
export interface SigmaKind {
  readonly title: string;
  readonly logsource: Readonly<Record<string, string>>;
  readonly falsepositives: readonly string[];
  /** Ways of which one is enough. */
  readonly selections: (row: Indicator) => readonly Selection[];
  /** Ways that must all be there, in place of `selections`. */
  readonly together?: (row: Indicator) => YamlValue;
}

const HASH_NAMES: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256' };
const BROWSING = ['People who read about mining, or own coins'];

/** A glob that may stand anywhere: wildcards at its ends say nothing more. */
const within = (glob: string): string => sigmaGlob(glob.replace(/^\*+/, '').replace(/\*+$/, ''));

/** A glob of a whole text, with the modifier that says what its wildcards at the ends do. */
function whole(field: string, glob: string): Selection {
  const modifier = [glob.endsWith('*') ? 'startswith' : '', glob.startsWith('*') ? 'endswith' : ''].join('');
  const named = modifier === 'startswithendswith' ? 'contains' : modifier;
  return { field: named === '' ? field : `${field}|${named}`, value: within(glob) };
}

/** Field names are those of Sigma's taxonomy. https://sigmahq.io/sigma-specification/specification/sigma-appendix-taxonomy.html */
export const SIGMA_KINDS: Readonly<Record<Kind, SigmaKind>> = {
  port: {
    title: 'Port Used By Mining Pools',
    logsource: { category: 'firewall' },
    falsepositives: ['Everything else that uses these ports: a port alone is weak evidence'],
    selections: ({ value }) => ['dst_port', 'src_port'].map((field) => ({ field, value: Number(value) })),
  },
  domain: {
    title: 'DNS Query For Mining Pool',
    logsource: { category: 'dns' },
    falsepositives: BROWSING,
    selections: ({ value }) => [
      { field: 'query', value: sigmaLiteral(value) },
      { field: 'query|endswith', value: `.${sigmaLiteral(value)}` },
    ],
  },
  address: {
    title: 'Connection To Address Of Mining Pool',
    logsource: { category: 'firewall' },
    falsepositives: ['Another service at the same address'],
    selections: ({ value }) => {
      const modifier = value.includes('/') ? '|cidr' : '';
      return ['dst_ip', 'src_ip'].map((field) => ({ field: `${field}${modifier}`, value }));
    },
  },
  socket: {
    title: 'Connection To Address And Port Of Mining Pool',
    logsource: { category: 'firewall' },
    falsepositives: ['Another service at the same address'],
    selections: () => [],
    together: ({ value, port }) => ({
      [value.includes('/') ? 'dst_ip|cidr' : 'dst_ip']: value,
      dst_port: port ?? 0,
    }),
  },
  url: {
    title: 'URL Of Miner',
    logsource: { category: 'proxy' },
    falsepositives: BROWSING,
    selections: ({ value }) => [
      { field: 'c-uri|contains', value: `://${sigmaLiteral(value)}` },
      { field: 'c-uri|contains', value: `.${sigmaLiteral(value)}` },
    ],
  },
  process: {
    title: 'Miner Started',
    logsource: { category: 'process_creation' },
    falsepositives: ['Mining that is allowed'],
    selections: ({ type, value }) =>
      type === 'file'
        ? [{ field: 'Hashes|contains', value: `${HASH_NAMES[value.length]}=${value}` }]
        : [
            { field: 'Image|endswith', value: `\\\\${sigmaLiteral(value)}` },
            { field: 'Image|endswith', value: `/${sigmaLiteral(value)}` },
            { field: 'OriginalFileName', value: sigmaLiteral(value) },
          ],
  },
  'command-line': {
    title: 'Command Line Of Miner',
    logsource: { category: 'process_creation' },
    falsepositives: ['Mining that is allowed', 'Searches for these words'],
    selections: ({ value }) => [{ field: 'CommandLine|contains', value: within(value) }],
  },
  'user-agent': {
    title: 'User Agent Of Miner',
    logsource: { category: 'proxy' },
    falsepositives: ['Mining that is allowed'],
    selections: ({ value }) => [whole('c-useragent', value)],
  },
  signature: {
    title: 'IDS Signature On Mining',
    logsource: { product: 'suricata', service: 'alert' },
    falsepositives: ['Those of the signature'],
    selections: ({ value }) => [whole('alert.signature', value)],
  },
  payload: {
    title: 'Stratum Method In Payload',
    logsource: { category: 'application' },
    falsepositives: ['Other JSON-RPC with methods of the same names'],
    selections: () => [],
    together: ({ value, params = [] }) => ({
      '|all': [value, ...params].map((word) => sigmaLiteral(`"${word}"`)),
    }),
  },
};

/** Events as firewalls, resolvers, proxies and flow exporters write them, as many as wanted; the seed decides them. */
import type { estypes } from '@elastic/elasticsearch';
import { isoTime } from '../../src/model/time.ts';
import { createRandom, type Random } from '../support/sample/prng.ts';
import { createValues, type Values } from './corpus-values.ts';

export interface CorpusOptions {
  readonly seed: number;
  readonly events: number;
  /** How many of the events match, spread evenly. */
  readonly matching: number;
  /** Milliseconds since 1970 UTC; the events lie evenly from `from` up to `to`, exclusive. */
  readonly from: number;
  readonly to: number;
  /** Whether names come with their registered domain. */
  readonly registered: boolean;
  /** Whether proxies write the whole URL, nearly each of its own. */
  readonly urls: boolean;
}

export const CORPUS_SOURCES = ['firewall', 'netflow', 'dns', 'proxy'] as const;
export type CorpusSource = (typeof CORPUS_SOURCES)[number];

export interface CorpusEvent {
  readonly id: string;
  readonly source: CorpusSource;
  readonly document: Readonly<Record<string, unknown>>;
}

/** Strings as keywords and addresses as such, as integrations map them. */
export const CORPUS_MAPPINGS: estypes.MappingTypeMapping = {
  dynamic_templates: [
    { addresses: { path_match: ['*.ip', '*_ip'], mapping: { type: 'ip' } } },
    { strings: { match_mapping_type: 'string', mapping: { type: 'keyword', ignore_above: 1024 } } },
  ],
  properties: {
    '@timestamp': { type: 'date' },
    event: { properties: { ingested: { type: 'date' } } },
  },
};

/** In 20 events: 7 of a firewall, 5 of a flow exporter, 5 of a resolver, 3 of a proxy. */
const MIX: readonly CorpusSource[] = [
  ...Array<CorpusSource>(7).fill('firewall'),
  ...Array<CorpusSource>(5).fill('netflow'),
  ...Array<CorpusSource>(5).fill('dns'),
  ...Array<CorpusSource>(3).fill('proxy'),
];
/** What an event that matches matches by, and where that may be found. */
const MINING: readonly (readonly [by: 'port' | 'address' | 'network' | 'name', source: CorpusSource])[] = [
  ['port', 'firewall'],
  ['name', 'dns'],
  ['address', 'netflow'],
  ['network', 'firewall'],
  ['name', 'proxy'],
  ['port', 'netflow'],
];

export function* corpusEvents(options: CorpusOptions): Generator<CorpusEvent> {
  const { seed, events, matching, from, to } = options;
  const random = createRandom(seed);
  const values = createValues(random);
  let mined = 0;
  for (let i = 0; i < events; i += 1) {
    const mining = mined < matching && i >= Math.floor(((mined + 0.5) * events) / matching);
    const [by, minedAt] = MINING[mined % MINING.length] ?? ['port', 'firewall'];
    if (mining) mined += 1;
    const source = mining ? minedAt : random.pick(MIX);
    const time = from + Math.floor((i * (to - from)) / events);
    const id = `${seed.toString(36)}-${i.toString(36)}`;
    yield { id, source, document: eventOf(source, { options, random, values, time, by: mining ? by : undefined }) };
  }
}

interface Draw {
  readonly options: CorpusOptions;
  readonly random: Random;
  readonly values: Values;
  readonly time: number;
  readonly by: 'port' | 'address' | 'network' | 'name' | undefined;
}

function eventOf(source: CorpusSource, draw: Draw): Record<string, unknown> {
  const { values, time, by } = draw;
  const client = by === undefined ? values.client() : values.miner();
  const more =
    source === 'dns' ? question(draw, client) : source === 'proxy' ? request(draw, client) : flow(draw, client);
  return {
    '@timestamp': isoTime(time),
    data_stream: { dataset: `corpus.${source}`, namespace: 'default', type: 'logs' },
    event: {
      dataset: `corpus.${source}`,
      ingested: isoTime(time),
      kind: 'event',
      category: ['network'],
      type: ['connection', 'allowed'],
    },
    observer: { name: `${source}-1` },
    ...more,
  };
}

function flow({ random, values, by }: Draw, client: string): Record<string, unknown> {
  const { mining } = values;
  const address = by === 'address' ? mining.address() : by === 'network' ? mining.networkAddress() : values.address();
  return {
    source: { ip: client, port: 49_152 + random.below(16_384), bytes: 60 + random.below(90_000), packets: 4 },
    destination: { ip: address, port: by === 'port' ? mining.port() : values.port(), bytes: random.below(900_000) },
    network: { transport: 'tcp', direction: 'outbound' },
  };
}

function question({ options, random, values, by }: Draw, client: string): Record<string, unknown> {
  const { name, registered } = by === 'name' ? values.mining.name() : values.name();
  return {
    source: { ip: client, port: 49_152 + random.below(16_384) },
    destination: { ip: '10.255.0.53', port: 53 },
    network: { transport: 'udp' },
    dns: {
      question: { name, type: 'A', ...(options.registered ? { registered_domain: registered } : {}) },
      resolved_ip: [by === 'name' ? values.mining.answer() : values.address()],
      response_code: 'NOERROR',
    },
  };
}

function request({ options, random, values, by }: Draw, client: string): Record<string, unknown> {
  const { name, registered } = by === 'name' ? values.mining.name() : values.name();
  const whole = options.urls ? { original: `https://${name}/p/${random.hex(6)}?q=${random.below(1000)}` } : {};
  const more = options.registered ? { registered_domain: registered } : {};
  return {
    source: { ip: client, port: 49_152 + random.below(16_384) },
    destination: { ip: values.address(), port: 443, domain: name, ...more },
    url: { domain: name, ...whole, ...more },
    http: { response: { status_code: 200 } },
    user_agent: { original: `Mozilla/5.0 (X11; rv:${100 + random.below(40)}.0)` },
  };
}

import { DEFAULT_POLICY } from '../model/policy.ts';
import type { JsonSchema, Schema } from './compile.ts';
import { elasticsearchSchema } from './config-elasticsearch.ts';
import { type KibanaFile, kibanaSchema } from './config-kibana.ts';
import { type MetricsFile, metricsSchema } from './config-metrics.ts';
import { sourcesSchema } from './config-sources.ts';
import { type WebhookFile, webhookSchema } from './config-webhook.ts';
import { type FeedFile, feedsFolderSchema, feedsSchema } from './feed.ts';

/** The configuration as it stands in a file, with the defaults filled in. Durations are texts: `30s`, `5m`, `13mo`. */
export interface ConfigFile {
  readonly elasticsearch: {
    readonly node: string | readonly string[];
    readonly apiKey?: string;
    readonly apiKeyFile?: string;
    readonly username?: string;
    readonly password?: string;
    readonly passwordFile?: string;
    readonly caFile?: string;
    readonly caFingerprint?: string;
    readonly insecure: boolean;
  };
  readonly lookups?: readonly string[];
  readonly feeds: readonly FeedFile[];
  readonly feeds_folder?: string;
  readonly sources: readonly SourceFile[];
  readonly internal_networks: readonly string[];
  readonly shared_hosts: readonly string[];
  readonly schedule: { readonly interval?: string; readonly cron?: string; readonly timezone?: string };
  readonly overlap: string;
  readonly lag: string;
  readonly horizon: string;
  readonly sweep: string;
  readonly retention: string;
  readonly learn: boolean;
  readonly lease: { readonly ttl: string };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
  readonly alerts: {
    readonly min_severity: 'low' | 'medium' | 'high' | 'critical';
    readonly remind: string;
    readonly webhook?: WebhookFile;
  };
  readonly tags: { readonly min_score: number };
  readonly ports: { readonly client: 'tag' | 'ignore' };
  readonly metrics?: MetricsFile;
  readonly kibana?: KibanaFile;
}

export interface SourceFile {
  readonly name: string;
  readonly index: string | readonly string[];
  readonly query?: Readonly<Record<string, unknown>>;
  readonly tag: boolean;
  readonly timestamp: string;
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly scope?: string;
}

/** A duration of at least one second, or from none at all with `zero`. */
function duration(
  fallback: string | undefined,
  description: string,
  zero: 'zero' | 'positive' = 'positive',
): JsonSchema {
  return {
    type: 'string',
    format: zero === 'zero' ? 'duration' : 'positive-duration',
    ...(fallback === undefined ? {} : { default: fallback }),
    description,
    'x-expects': `a duration${zero === 'zero' ? '' : ' above 0'}: a whole number and s, m, h, d, w or mo, such as 30s, 5m or 13mo`,
  };
}

function section(description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', default: {}, additionalProperties: false, description, properties };
}

const schedule: JsonSchema = {
  type: 'object',
  default: { interval: '5m' },
  additionalProperties: false,
  description: 'When the worker makes a pass: at an interval, or by a cron expression.',
  properties: {
    interval: {
      ...duration(undefined, 'From the start of one pass to the start of the next. Excludes `cron`.'),
      examples: ['5m'],
      'x-default': '`5m` where `cron` is left out',
    },
    cron: {
      type: 'string',
      pattern: '^(@[a-z]+|\\S+( +\\S+){4,6})$',
      description: 'Cron expression of five fields, or six with seconds first. Excludes `interval`.',
      examples: ['*/10 * * * *'],
      'x-expects': 'a cron expression of five or six fields, such as "*/10 * * * *"',
    },
    timezone: {
      type: 'string',
      format: 'time-zone',
      description: 'IANA time zone in which `cron` is read.',
      examples: ['Europe/Berlin'],
      'x-default': '`UTC`',
      'x-expects': 'an IANA time zone, such as Europe/Berlin',
    },
  },
  allOf: [
    { not: { required: ['interval', 'cron'] }, 'x-says': 'gives both interval and cron; keep one' },
    {
      not: { not: { anyOf: [{ required: ['interval'] }, { required: ['cron'] }] } },
      'x-says': 'gives neither interval nor cron; give one',
    },
    {
      not: { required: ['timezone'], not: { required: ['cron'] } },
      'x-says': 'gives a timezone, which only cron needs; remove it or give cron',
    },
  ],
};

const networks = {
  type: 'array',
  items: { type: 'string', format: 'network', 'x-expects': 'an address or a CIDR, such as 10.0.0.0/8' },
} as const;

/** Each key with its default, its unit and its environment variable, written once: docs and examples come from here. */
export const configSchema: Schema<ConfigFile> = {
  json: {
    type: 'object',
    additionalProperties: false,
    allOf: [
      {
        not: {
          required: ['feeds'],
          properties: { feeds: { type: 'array', minItems: 1 } },
          not: { required: ['feeds_folder'] },
        },
        'x-says': 'gives feeds without feeds_folder; name a folder in which their lookups can be kept',
      },
    ],
    properties: {
      elasticsearch: elasticsearchSchema,
      lookups: {
        type: 'array',
        minItems: 1,
        items: { type: 'string', minLength: 1 },
        description: 'Folders of lookup files. They replace the shipped ones. Relative to the file they stand in.',
        examples: [['/etc/minecanary/lookups']],
        'x-path': true,
        'x-default': 'the shipped lookups',
      },
      sources: sourcesSchema,
      feeds: feedsSchema,
      feeds_folder: feedsFolderSchema,
      internal_networks: {
        ...networks,
        default: DEFAULT_POLICY.internal_networks,
        description: 'Addresses and CIDRs of your own networks. They decide which endpoint is under suspicion.',
      },
      shared_hosts: {
        type: 'array',
        default: DEFAULT_POLICY.shared_hosts,
        items: {
          type: 'string',
          format: 'network-or-host',
          'x-expects': 'an address, a CIDR or a host name',
        },
        description:
          'Addresses, CIDRs or names of hosts that stand for many others: resolvers, proxies, NAT, jump hosts, load balancers.',
      },
      schedule,
      overlap: duration('10m', 'How far a pass reads back where events have no `event.ingested`.', 'zero'),
      lag: duration(
        '1m',
        'How far behind the clock of Elasticsearch a pass ends, so that late writes are seen.',
        'zero',
      ),
      horizon: duration('7d', 'How far back a sweep and a search for new indicators read.'),
      sweep: duration('1h', 'How often a sweep is due.'),
      retention: duration(
        '13mo',
        'How old an event may be; older ones count as undated. Months of minecanary that are wholly older are dropped.',
      ),
      learn: {
        type: 'boolean',
        default: true,
        description: 'Learn the addresses that DNS answers give for listed names, and match them for a while.',
      },
      lease: section('How workers share the work.', {
        ttl: duration('30s', 'A lease that has not been renewed for so long may be taken over.'),
      }),
      log: section('What is logged.', {
        level: {
          enum: ['debug', 'info', 'warn', 'error'],
          default: 'info',
          description: 'Lowest level that is logged. `debug` tells of each pass how each field was read, and why.',
          'x-env': 'MINECANARY_LOG_LEVEL',
        },
      }),
      alerts: section('Which incidents raise an alert.', {
        min_severity: {
          enum: ['low', 'medium', 'high', 'critical'],
          default: 'low',
          description: 'Lowest severity that raises an alert.',
        },
        remind: duration(
          '7d',
          'No alert while an earlier incident of the entity has one as high within this time.',
          'zero',
        ),
        webhook: webhookSchema,
      }),
      tags: section('Which events are tagged.', {
        min_score: {
          type: 'integer',
          minimum: 1,
          maximum: 99,
          default: 1,
          description: 'Lowest score, 1 to 99, at which an event is tagged.',
          'x-expects': 'a whole number from 1 to 99',
        },
      }),
      ports: section('How ports are matched.', {
        client: {
          enum: ['tag', 'ignore'],
          default: DEFAULT_POLICY.ports.client,
          description: 'What a listed port on the client side does: `tag` or `ignore`. Such a port is often chance.',
        },
      }),
      metrics: metricsSchema,
      kibana: kibanaSchema,
    },
  },
};

import { FEED_FORMATS, FEED_KINDS, type Feed } from '../model/feed.ts';
import type { JsonSchema } from './compile.ts';
import { LOOKUP_NAME } from './lookup.ts';

/** A feed as it stands in the configuration: durations are texts. */
export interface FeedFile extends Omit<Feed, 'every' | 'timeout' | 'expires'> {
  readonly every: string;
  readonly timeout: string;
  readonly expires?: string;
}

const TEXT = { type: 'string', pattern: '\\S', 'x-expects': 'text that is not empty' } as const;
const DURATION = {
  type: 'string',
  format: 'positive-duration',
  'x-expects': 'a duration above 0: a whole number and s, m, h, d, w or mo, such as 6h or 1d',
} as const;
const SHARE = { type: 'number', minimum: 0, maximum: 1, 'x-expects': 'a share from 0 to 1' } as const;
const COLUMN: JsonSchema = {
  type: ['string', 'integer'],
  pattern: '\\S',
  minimum: 1,
  'x-expects': 'the name of a column, or its number from 1',
};

const csv: JsonSchema = {
  type: 'object',
  required: ['column'],
  additionalProperties: false,
  description:
    'Of format `csv`: which columns are read, by name (the first line names them) or by number from 1. `column` holds the value; `port`, `first_seen`, `last_seen`, `reference`, `note`, `expires` may be given; `delimiter` is `,` unless given.',
  examples: [{ column: 'host', delimiter: ';', first_seen: 'date' }],
  properties: {
    column: COLUMN,
    delimiter: {
      type: 'string',
      pattern: '^[^"\\r\\n]$',
      default: ',',
      'x-expects': 'one character, not a quote',
    },
    port: COLUMN,
    first_seen: COLUMN,
    last_seen: COLUMN,
    reference: COLUMN,
    note: COLUMN,
    expires: COLUMN,
  },
};

const properties: Readonly<Record<string, JsonSchema>> = {
  name: {
    type: 'string',
    pattern: LOOKUP_NAME,
    description: 'Name of the lookup the feed makes, unlike that of any other lookup.',
    examples: ['threatfox-pools'],
    'x-expects': 'at most 100 lower-case letters, digits, ".", "_" and "-", beginning with a letter or digit',
  },
  url: {
    type: 'string',
    pattern: '^https?://[^\\s/@?#]+([/?#]\\S*)?$',
    description: 'Where the list lies: https, without user name. `{key}` in it is replaced by the key.',
    examples: ['https://threatfox.abuse.ch/export/json/recent/'],
    'x-secret': true,
    'x-expects': 'an https URL without user name and password',
  },
  format: { enum: FEED_FORMATS, description: 'How the list is written.', examples: ['threatfox'] },
  kind: { enum: FEED_KINDS, description: 'Which of its values are taken; others are left out.', examples: ['domain'] },
  confidence: {
    enum: ['low', 'medium', 'high'],
    default: 'low',
    description: 'How much its rows are trusted.',
  },
  category: { ...TEXT, description: 'Category of its rows.', examples: ['pool'] },
  provider: { ...TEXT, description: 'Who publishes it.', examples: ['abuse.ch'] },
  licence: { ...TEXT, description: 'Under which terms.', examples: ['CC0-1.0'] },
  reference: { ...TEXT, description: 'Page that tells about it.', examples: ['https://threatfox.abuse.ch/'] },
  every: { ...DURATION, default: '1d', description: 'How often the worker fetches it.' },
  csv,
  only: {
    type: 'array',
    minItems: 1,
    items: TEXT,
    description:
      'Words, of which one must stand in a row: its malware names, tags, labels or comment; of `csv`, in any column. Lists of all malware need it.',
    examples: [['xmrig', 'coinminer']],
    'x-default': 'all rows',
  },
  api_key_env: {
    type: 'string',
    pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    description: 'Environment variable that holds the key. The key itself never stands in a file.',
    examples: ['THREATFOX_KEY'],
    // What is no name may be the key itself.
    'x-secret': true,
    'x-expects': 'the name of an environment variable',
  },
  api_key_header: {
    type: 'string',
    pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
    default: 'Auth-Key',
    description: 'Header the key is sent in, unless `{key}` stands in the URL. It is not sent on to another host.',
    'x-expects': 'the name of a header',
  },
  insecure: {
    type: 'boolean',
    default: false,
    description: 'Allow http. Anybody on the way may then change what is detected.',
  },
  max_bytes: {
    type: 'integer',
    minimum: 1024,
    maximum: 1_073_741_824,
    default: 67_108_864,
    description: 'Longest list, in bytes, packed and unpacked.',
    'x-expects': 'a whole number from 1024 to 1073741824',
  },
  timeout: { ...DURATION, default: '60s', description: 'How long an attempt to fetch it may take, to its last byte.' },
  max_bad: { ...SHARE, default: 0.1, description: 'Share of rows that may be bad; with more, the list is refused.' },
  max_shrink: { ...SHARE, default: 0.5, description: 'Share of the rows that may vanish at once.' },
  max_growth: {
    type: 'number',
    minimum: 0,
    default: 5,
    description: 'How many rows may be new at once, as a multiple of those of the last good version.',
    'x-expects': 'a number from 0',
  },
  expires: {
    ...DURATION,
    description: 'How long after its last sighting, or its last listing where no date is given, a row counts.',
    examples: ['90d'],
    'x-default': 'as long as it is listed',
  },
};

/** Lists of others that are made into lookups. */
export const feedsSchema: JsonSchema = {
  type: 'array',
  default: [],
  description: 'Lists that others publish, which `lookups update` and the worker make into lookups: see docs/FEEDS.md.',
  'x-unique': 'name',
  items: {
    type: 'object',
    required: ['name', 'url', 'format', 'kind', 'provider', 'licence', 'reference'],
    additionalProperties: false,
    properties,
    allOf: [
      {
        not: {
          required: ['url'],
          properties: { url: { type: 'string', pattern: '^http://' }, insecure: { enum: [false] } },
        },
        'x-says': 'has an http URL; give an https one, or insecure: true for a mirror in your own network',
      },
      {
        not: { required: ['format'], properties: { format: { const: 'csv' } }, not: { required: ['csv'] } },
        'x-says': 'has format csv without csv.column; tell which column holds the value',
      },
      {
        not: { required: ['csv'], not: { required: ['format'], properties: { format: { const: 'csv' } } } },
        'x-says': 'gives csv, which only format csv needs; remove it',
      },
      {
        not: {
          required: ['url'],
          properties: { url: { type: 'string', pattern: '\\{key\\}' } },
          not: { required: ['api_key_env'] },
        },
        'x-says': 'has {key} in its URL without api_key_env; name the variable that holds the key',
      },
    ],
  },
};

/** Where the made lookups are kept. */
export const feedsFolderSchema: JsonSchema = {
  type: 'string',
  minLength: 1,
  description:
    'Folder in which lookups made of feeds are kept, with the state of each feed. Only minecanary writes there. Needed where there are feeds.',
  examples: ['/var/lib/minecanary/feeds'],
  'x-path': true,
};

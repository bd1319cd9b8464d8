import { DEFAULT_POLICY } from '../model/policy.ts';
import type { JsonSchema } from './compile.ts';

const WORD = '^\\S+$';

/** Where events are read from. */
export const sourcesSchema: JsonSchema = {
  type: 'array',
  minItems: 1,
  default: [{ name: 'logs', index: 'logs-*' }],
  description: 'Where events are read from. The indices of minecanary itself are never read, whatever a pattern says.',
  'x-unique': 'name',
  items: {
    type: 'object',
    required: ['name', 'index'],
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9_-]{0,63}$',
        description: 'Name of the source, unlike that of any other. Progress is kept under it.',
        examples: ['logs'],
        'x-expects': 'at most 64 lower-case letters, digits, "_" and "-", beginning with a letter or digit',
      },
      index: {
        type: ['string', 'array'],
        pattern: WORD,
        minItems: 1,
        items: { type: 'string', pattern: WORD, 'x-expects': 'an index, a data stream or a pattern, such as logs-*' },
        description: 'Index, data stream or pattern, or a list of them.',
        examples: ['logs-*'],
        'x-expects': 'an index, a data stream or a pattern, such as logs-*, or a list of them',
      },
      query: {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        description: 'Elasticsearch query that narrows the source.',
        examples: [{ term: { 'event.category': 'network' } }],
        'x-expects': 'one Elasticsearch query: an object with a single key, such as term, range or bool',
      },
      tag: {
        type: 'boolean',
        default: true,
        description: 'Tag the events that match. With `false` the source is only read.',
      },
      timestamp: {
        type: 'string',
        pattern: WORD,
        default: DEFAULT_POLICY.timestamp,
        description: 'Field that holds the time of an event.',
        'x-expects': 'the name of a field',
      },
      fields: {
        type: 'object',
        default: {},
        propertyNames: { pattern: '^[A-Za-z@][A-Za-z0-9@._-]*$', 'x-expects': 'the name of a field' },
        additionalProperties: {
          type: ['string', 'array'],
          pattern: WORD,
          minItems: 1,
          items: { type: 'string', pattern: WORD, 'x-expects': 'the name of a field' },
          'x-expects': 'the name of a field, or a list of them',
        },
        description:
          'Fields of your own: catalogue field (docs/FIELDS.md) to the name, or names, the source has for it.',
        examples: [{ 'destination.ip': ['dst', 'dest_ip'] }],
      },
      scope: {
        type: 'string',
        pattern: '\\S',
        description: 'Site the events belong to. Equal private addresses of two scopes are different hosts.',
        examples: ['berlin'],
        'x-default': "the event's `data_stream.namespace`",
        'x-expects': 'text that is not empty',
      },
    },
  },
};

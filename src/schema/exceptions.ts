import type { JsonSchema, Schema } from './compile.ts';

/** What is left out of detection, why and until when. Exactly one of `indicator`, `entity` and `cidr` is given. */
export interface ExceptionRow {
  /** As it stands in a lookup: `minexmr.com`, `51.15.58.224:3333`, 3333. */
  readonly indicator?: string | number;
  /** Name of an entity: host name, address, user name. */
  readonly entity?: string;
  /** Entities that are addresses in this network. */
  readonly cidr?: string;
  readonly reason: string;
  /** `YYYY-MM-DD`: it counts up to the end of this day, UTC. */
  readonly expires: string;
  readonly added_by?: string;
}

export interface ExceptionsFile {
  readonly exceptions: readonly ExceptionRow[];
}

const TEXT: JsonSchema = { type: 'string', pattern: '\\S', maxLength: 2000, 'x-expects': 'text that is not empty' };
const TARGETS = ['indicator', 'entity', 'cidr'] as const;

function both(one: string, other: string): JsonSchema {
  return { not: { required: [one, other] }, 'x-says': `gives both ${one} and ${other}; write two exceptions` };
}

export const exceptionsSchema: Schema<ExceptionsFile> = {
  rows: 'exceptions',
  json: {
    type: 'object',
    required: ['exceptions'],
    additionalProperties: false,
    properties: {
      exceptions: {
        type: 'array',
        items: {
          type: 'object',
          required: ['reason', 'expires'],
          additionalProperties: false,
          properties: {
            indicator: { ...TEXT, type: ['string', 'integer'], 'x-expects': 'the value of an indicator' },
            entity: TEXT,
            cidr: { type: 'string', format: 'network', 'x-expects': 'an address or a CIDR, such as 10.0.0.0/8' },
            reason: TEXT,
            expires: { type: 'string', format: 'date', 'x-expects': 'a date: 2026-11-24' },
            added_by: TEXT,
          },
          allOf: [
            both('indicator', 'entity'),
            both('indicator', 'cidr'),
            both('entity', 'cidr'),
            {
              not: { not: { anyOf: TARGETS.map((key) => ({ required: [key] })) } },
              'x-says': 'excepts nothing; give an indicator, an entity or a cidr',
            },
          ],
        },
      },
    },
  },
};

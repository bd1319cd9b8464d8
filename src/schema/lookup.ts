import type { Confidence, IndicatorType, LookupKind } from '../model/indicator.ts';
import type { JsonSchema, Schema } from './compile.ts';

/** A row as it stands in a file: what it leaves out, it inherits from the file. */
export interface LookupRow {
  readonly value: string | number;
  readonly type: IndicatorType;
  readonly confidence: Confidence;
  readonly provider?: string;
  readonly licence?: string;
  readonly reference?: string;
  readonly note?: string;
  readonly category?: string;
  /** `YYYY-MM-DD`, or a date-time with its offset, as are the two below. */
  readonly first_seen?: string;
  readonly last_seen?: string;
  readonly expires?: string;
  readonly transport?: 'tcp' | 'udp';
  /** 1..65535; of addresses only: the row is a socket. */
  readonly port?: number;
  /** Of command lines, user agents and signatures: where one of these stands too, it is no match. */
  readonly excludes?: readonly string[];
  /** Of payloads: names that the method's parameters must have. */
  readonly params?: readonly string[];
}

/** A lookup file that has passed the schema. Whether values mean something is checked by src/lookups. */
export interface LookupFile {
  readonly name: string;
  readonly kind: LookupKind;
  readonly description: string;
  readonly provider: string;
  readonly licence: string;
  readonly reference: string;
  /** `YYYY-MM-DD`. */
  readonly updated: string;
  readonly rows: readonly LookupRow[];
}

/** It names an index of Elasticsearch and a file. */
export const LOOKUP_NAME = '^[a-z0-9][a-z0-9._-]{0,99}$';

const TEXT: JsonSchema = { type: 'string', pattern: '\\S', 'x-expects': 'text that is not empty' };
const TEXTS: JsonSchema = { type: 'array', items: TEXT, minItems: 1, 'x-expects': 'a list of texts' };
const PORT: JsonSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 65_535,
  'x-expects': 'a port: a whole number from 1 to 65535',
};
const MOMENT: JsonSchema = {
  type: 'string',
  format: 'date-or-date-time',
  'x-expects': 'a date (2026-11-24) or a date-time with its offset (2026-11-24T05:06:07Z)',
};

/** What rows of a kind have of their own. A further kind is one entry here. */
const KINDS: Readonly<Record<LookupKind, Readonly<Record<string, JsonSchema>>>> = {
  port: { type: { enum: ['port'] }, value: PORT },
  domain: { type: { enum: ['domain-name'] }, value: TEXT },
  address: { type: { enum: ['ipv4-addr', 'ipv6-addr'] }, value: TEXT, port: PORT },
  url: { type: { enum: ['url'] }, value: TEXT },
  process: { type: { enum: ['process', 'file'] }, value: TEXT },
  'command-line': { type: { enum: ['process'] }, value: TEXT, excludes: TEXTS },
  'user-agent': { type: { enum: ['software'] }, value: TEXT, excludes: TEXTS },
  signature: { type: { enum: ['x-ids-signature'] }, value: TEXT, excludes: TEXTS },
  payload: { type: { enum: ['network-traffic'] }, value: TEXT, params: TEXTS },
};

const COMMON: Readonly<Record<string, JsonSchema>> = {
  confidence: { enum: ['low', 'medium', 'high'] },
  provider: TEXT,
  licence: TEXT,
  reference: TEXT,
  note: TEXT,
  category: TEXT,
  first_seen: MOMENT,
  last_seen: MOMENT,
  expires: MOMENT,
  transport: { enum: ['tcp', 'udp'] },
};

function rowsOf(own: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: 'array',
    items: {
      type: 'object',
      required: ['value', 'type', 'confidence'],
      additionalProperties: false,
      properties: { ...own, ...COMMON },
    },
  };
}

/** The kind is looked at once a file, not once a row: a million rows are checked in about a second. */
export const lookupSchema: Schema<LookupFile> = {
  rows: 'rows',
  json: {
    type: 'object',
    required: ['name', 'kind', 'description', 'provider', 'licence', 'reference', 'updated', 'rows'],
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        pattern: LOOKUP_NAME,
        'x-expects': 'at most 100 lower-case letters, digits, ".", "_" and "-", beginning with a letter or digit',
      },
      kind: { enum: Object.keys(KINDS) },
      description: TEXT,
      provider: TEXT,
      licence: TEXT,
      reference: TEXT,
      updated: { type: 'string', format: 'date', 'x-expects': 'a date: 2026-11-24' },
      rows: { type: 'array' },
    },
    allOf: Object.entries(KINDS).map(([kind, own]) => ({
      if: { properties: { kind: { const: kind } }, required: ['kind'] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { properties: { rows: rowsOf(own) } },
    })),
  },
};

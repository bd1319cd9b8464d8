import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { FORMATS } from './formats.ts';

/**
 * JSON Schema 2020-12, with keywords of our own that check nothing:
 * - `x-env`: the environment variable that gives the key;
 * - `x-secret`: the value is never shown;
 * - `x-expects`: what the value must be, in words that follow "must be".
 */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly 'x-env'?: string;
  readonly 'x-secret'?: boolean;
  readonly 'x-expects'?: string;
}

export interface Schema<T> {
  readonly json: JsonSchema;
  /** The key of a long list: it is checked a slice at a time, so that the faults of a bad one need little memory. */
  readonly rows?: keyof T & string;
}

/** Checks a value, fills in the schema's defaults, and says all that is wrong. */
export type Validate = (value: unknown) => readonly ErrorObject[];

const ajv = new Ajv2020({ allErrors: true, verbose: true, useDefaults: true, allowUnionTypes: true });
addFormats.default(ajv, ['date']);
for (const [name, validate] of Object.entries(FORMATS)) ajv.addFormat(name, validate);
for (const keyword of ['x-env', 'x-secret', 'x-expects']) ajv.addKeyword(keyword);

/** Compiled once a schema, when it is first used. */
export function compile(json: JsonSchema): Validate {
  const validate = ajv.compile(json);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}

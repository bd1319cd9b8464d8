import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { SchemaValidateFunction } from 'ajv/dist/types/index.js';
import addFormats from 'ajv-formats';
import { FORMATS } from './formats.ts';

/**
 * JSON Schema 2020-12, with keywords of our own. `x-unique` names a key in which the items of a list must differ. The
 * others check nothing:
 * - `x-env`: the environment variable that gives the key;
 * - `x-secret`: the value is never shown;
 * - `x-path`: the value is a path, relative to the file it stands in;
 * - `x-default`: what holds where the key is left out, in words, if it can't stand in `default`;
 * - `x-expects`: what the value must be, in words that follow "must be";
 * - `x-says`: what is wrong where `not` finds something.
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
  readonly 'x-path'?: boolean;
  readonly 'x-default'?: string;
  readonly 'x-expects'?: string;
  readonly 'x-says'?: string;
}

export interface Schema<T> {
  readonly json: JsonSchema;
  /** The key of a long list: it is checked a slice at a time, so that the faults of a bad one need little memory. */
  readonly rows?: keyof T & string;
}

/** Checks a value, fills in the schema's defaults, and says all that is wrong. */
export type Validate = (value: unknown) => readonly ErrorObject[];

/** Finds the first item of a list that has the same text under `key` as an earlier one. */
const unique: SchemaValidateFunction = (key: string, list: readonly unknown[]) => {
  const seen = new Set<unknown>();
  for (const [index, item] of list.entries()) {
    const value = (item as Readonly<Record<string, unknown>> | null)?.[key];
    if (typeof value !== 'string') continue;
    if (seen.has(value)) {
      unique.errors = [{ keyword: 'x-unique', params: { index, key, value } }];
      return false;
    }
    seen.add(value);
  }
  return true;
};

// Optimising the code of the checks takes longer than it spares: most run once.
const ajv = new Ajv2020({
  allErrors: true,
  verbose: true,
  useDefaults: true,
  allowUnionTypes: true,
  code: { optimize: false },
});
addFormats.default(ajv, ['date']);
for (const [name, validate] of Object.entries(FORMATS)) ajv.addFormat(name, validate);
for (const name of ['env', 'secret', 'path', 'default', 'expects', 'says']) ajv.addKeyword(`x-${name}`);
ajv.addKeyword({ keyword: 'x-unique', type: 'array', schemaType: 'string', validate: unique });

/** Compiled once a schema, when it is first used. */
export function compile(json: JsonSchema): Validate {
  const validate = ajv.compile(json);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}

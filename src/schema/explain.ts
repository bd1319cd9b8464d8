import type { ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema } from './compile.ts';
import { nearest } from './nearest.ts';
import { toPointer } from './pointer.ts';

export interface Explanation {
  readonly pointer: string;
  readonly message: string;
}

const NAMES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing (null)',
};

/** What the checker found, in plain words. `path` points to the value it was found of. */
export function explain(error: ErrorObject, path = error.instancePath): Explanation {
  const { pointer, message } = explained(error, path);
  return { pointer: shownPointer(pointer), message };
}

function explained(error: ErrorObject, path: string): Explanation {
  const { keyword, params, propertyName } = error;
  const schema = error.parentSchema as JsonSchema;
  if (keyword === 'additionalProperties') {
    const key = String(params.additionalProperty);
    return { pointer: path + toPointer([key]), message: unknownKey(key, Object.keys(schema.properties ?? {})) };
  }
  if (keyword === 'required')
    return { pointer: path, message: `the key "${String(params.missingProperty)}" is missing` };
  if (keyword === 'not') return { pointer: path, message: schema['x-says'] ?? 'is not allowed' };
  if (keyword === 'x-unique') {
    const { index, key, value } = params as { index: number; key: string; value: string };
    const message = `${quote(value)} is taken by an earlier entry; give each its own`;
    return { pointer: path + toPointer([index, key]), message };
  }
  if (propertyName !== undefined) {
    return { pointer: path + toPointer([propertyName]), message: `the key must be ${requirement(error, schema)}` };
  }
  return { pointer: path, message: `must be ${requirement(error, schema)}${found(error, schema)}` };
}

/** True of what only says again that another finding is one. */
export function repeats({ keyword }: ErrorObject): boolean {
  return keyword === 'if' || keyword === 'propertyNames';
}

/** A key to which its value is glued, for want of a blank or by quotes in the wrong place: that may be a secret. */
const GLUED = /[:=]/;

/** Ends before a key that must not be shown. */
function shownPointer(pointer: string): string {
  const steps = pointer.split('/');
  const glued = steps.findIndex((step) => GLUED.test(step));
  return glued === -1 ? pointer : steps.slice(0, glued).join('/');
}

function unknownKey(key: string, known: readonly string[]): string {
  if (GLUED.test(key))
    return `unknown key ${quote(key.split(GLUED, 1).join())}, with ":" or "=" in it; write key: value`;
  const meant = nearest(key, known);
  const help = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`;
  return `unknown key ${quote(key)}; ${help}`;
}

/** Follows "must be". */
function requirement({ keyword, params, message }: ErrorObject, schema: JsonSchema): string {
  const expects = schema['x-expects'];
  if (keyword === 'enum') return oneOf(schema.enum as readonly unknown[]);
  if (expects !== undefined) return expects;
  if (keyword === 'type') return typeNames(schema.type ?? String(params.type));
  if (keyword === 'minLength' || keyword === 'minItems')
    return params.limit === 1 ? 'filled' : `${params.limit} or longer`;
  if (keyword === 'maxLength' || keyword === 'maxItems') return `${params.limit} or shorter`;
  if (keyword === 'minimum') return `at least ${params.limit}`;
  if (keyword === 'maximum') return `at most ${params.limit}`;
  if (keyword === 'format') return `a valid ${params.format}`;
  return (message ?? 'valid').replace(/^must be /, '');
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

function typeNames(type: string | readonly string[]): string {
  return [type]
    .flat()
    .map((name) => NAMES[name] ?? name)
    .join(' or ');
}

/** A value is shown only where a schema tells what it is for, and not of secrets; of a wrong type, only the type. */
function found({ keyword, data }: ErrorObject, schema: JsonSchema): string {
  if (keyword === 'type') return `, found ${typeNames(typeOf(data))}`;
  if (schema['x-secret'] === true || keyword === 'minLength' || keyword === 'minItems') return '';
  if (typeof data === 'number' || typeof data === 'boolean') return `, found ${data}`;
  if (typeof data !== 'string') return `, found ${typeNames(typeOf(data))}`;
  const meant = keyword === 'enum' ? nearest(data, (schema.enum as readonly unknown[]).map(String)) : undefined;
  return `, found ${quote(data)}${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** At most 60 characters, control characters escaped. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}

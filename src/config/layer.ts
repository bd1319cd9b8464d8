import { isAbsolute, resolve } from 'node:path';
import type { Location } from '../model/errors.ts';
import type { JsonSchema } from '../schema/compile.ts';
import { configSchema } from '../schema/config.ts';

/** Settings of one origin: their path in the configuration, value, and where they were given. */
export interface Setting {
  /** `['elasticsearch', 'node']`. */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly location: Location;
}

interface Leaf {
  readonly path: readonly string[];
  readonly schema: JsonSchema;
}

/** All keys of the configuration outside lists, sections left out. */
export const LEAVES: readonly Leaf[] = leavesOf(configSchema.json, []);

function leavesOf({ properties }: JsonSchema, path: readonly string[]): Leaf[] {
  return Object.entries(properties ?? {}).flatMap(([key, schema]) => {
    const at = [...path, key];
    return schema.properties === undefined ? [{ path: at, schema }] : leavesOf(schema, at);
  });
}

/** What the environment gives. Empty variables count as not set; where a list may stand, commas part its items. */
export function environmentSettings(env: Readonly<Record<string, string | undefined>>): Setting[] {
  return LEAVES.flatMap(({ path, schema }) => {
    const variable = schema['x-env'];
    const text = variable === undefined ? undefined : env[variable]?.trim();
    if (text === undefined || text === '') return [];
    const value = schema.type?.includes('array') && text.includes(',') ? text.split(/\s*,\s*/) : text;
    return [{ path, value, location: { file: `environment variable ${variable}` } }];
  });
}

/** What the command line gives: dotted key (`elasticsearch.node`) -> value; undefined is not given. */
export function flagSettings(flags: Readonly<Record<string, unknown>>): Setting[] {
  return Object.entries(flags).flatMap(([key, value]) =>
    value === undefined ? [] : [{ path: key.split('.'), value, location: { file: `command line, ${key}` } }],
  );
}

/** Paths in `value`, a configuration or a part of it, made absolute. Changes it. What is no path is left alone. */
export function resolvePaths(value: Record<string, unknown>, folder: string): void {
  const absolute = (path: unknown) =>
    typeof path !== 'string' || path === '' || isAbsolute(path) ? path : resolve(folder, path);
  for (const { path, schema } of LEAVES) {
    if (schema['x-path'] !== true) continue;
    const parent = parentOf(value, path);
    const key = path.at(-1) ?? '';
    const given = parent?.[key];
    if (parent !== undefined && given !== undefined)
      parent[key] = Array.isArray(given) ? given.map(absolute) : absolute(given);
  }
}

/** The object that has, or would have, the last key of a path; undefined where something else is in its place. */
export function parentOf(value: Record<string, unknown>, path: readonly string[]): Record<string, unknown> | undefined {
  let node = value;
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(node, key)) return undefined;
    const next = node[key];
    if (!isObject(next)) return undefined;
    node = next;
  }
  return node;
}

/** Puts a value at a path, with the sections it needs. Does nothing where something else is in a section's place. */
export function put(value: Record<string, unknown>, path: readonly string[], given: unknown): void {
  for (let length = 1; length < path.length; length += 1) {
    const parent = parentOf(value, path.slice(0, length));
    const key = path[length - 1] ?? '';
    if (parent !== undefined && !Object.hasOwn(parent, key)) parent[key] = {};
  }
  const parent = parentOf(value, path);
  if (parent !== undefined) parent[path.at(-1) ?? ''] = given;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

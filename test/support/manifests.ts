/** YAML of deploy/, read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from './cli.ts';

export function readYaml(path: string): unknown {
  return parse(readFileSync(join(ROOT, path), 'utf8'));
}

/** The YAML files of a folder, read, by name. */
export function yamlOf(folder: string): ReadonlyMap<string, unknown> {
  const names = readdirSync(join(ROOT, folder)).filter((name) => /\.ya?ml$/.test(name));
  return new Map(names.map((name) => [name, readYaml(join(folder, name))]));
}

/** A short name with a whole version: what is pulled today is pulled tomorrow, and no host is named. */
export const PINNED = /^[a-z][a-z-]*:\d+\.\d+\.\d+(-[a-z]+)?$/;

import { resolve } from 'node:path';
import { parseText } from '../schema/parse.ts';
import { environmentSettings, isObject, LEAVES, parentOf } from './layer.ts';
import { CONFIG_VARIABLE, type ConfigOrigins } from './load.ts';
import { readDisk } from './read.ts';

/** Keys that are read from a file of their own count under the key they fill. */
const FILLS: Readonly<Record<string, string>> = {
  'elasticsearch.apiKeyFile': 'elasticsearch.apiKey',
  'elasticsearch.passwordFile': 'elasticsearch.password',
};

/**
 * Where the keys of a configuration come from that has been loaded: dotted key -> `minecanary.yml`, `environment variable
 * ELASTICSEARCH_URL`. What has its default is left out; of lists of objects (`sources`) the list is the key.
 */
export function configOrigins({
  file,
  env,
  read = readDisk,
  folder = process.cwd(),
}: ConfigOrigins): Map<string, string> {
  const origins = new Map<string, string>();
  const named = file ?? (env[CONFIG_VARIABLE] || undefined);
  const value = named === undefined ? undefined : valueOf(read(resolve(folder, named)).text, named);
  for (const { path } of LEAVES) {
    const key = path.join('.');
    const last = path.at(-1) ?? '';
    const parent = value === undefined ? undefined : parentOf(value, path);
    if (named !== undefined && parent !== undefined && Object.hasOwn(parent, last))
      origins.set(FILLS[key] ?? key, named);
  }
  for (const { path, location } of environmentSettings(env))
    origins.set(path.join('.'), location.file ?? 'environment');
  return origins;
}

function valueOf(text: string, name: string): Record<string, unknown> | undefined {
  const parsed = parseText(text, name);
  return 'faults' in parsed || !isObject(parsed.value) ? undefined : parsed.value;
}

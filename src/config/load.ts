import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError, type Fault, type Location } from '../model/errors.ts';
import { checkValue } from '../schema/check.ts';
import { configSchema } from '../schema/config.ts';
import { type Parsed, parseText } from '../schema/parse.ts';
import { toPointer } from '../schema/pointer.ts';
import type { Config } from './config.ts';
import { FILE_KEYS, overlayElasticsearch, readCredentialFiles, takeUrlCredentials } from './credentials.ts';
import { environmentSettings, flagSettings, isObject, put, resolvePaths, type Setting } from './layer.ts';
import { normalise } from './normalise.ts';
import { type Read, readDisk, readFailure } from './read.ts';
import { fillReferences, referencePointers } from './references.ts';

/** Variable that names the configuration file where the command line does not. */
export const CONFIG_VARIABLE = 'MINECANARY_CONFIG';

export interface ConfigOrigins {
  /** Path of the file. Without it and without `MINECANARY_CONFIG` no file is read: none is looked for. */
  readonly file?: string;
  /** Dotted key -> value: `{ 'alerts.remind': '1d' }`. */
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly read?: Read;
  /** Paths of flags and environment are relative to it; the working folder. */
  readonly folder?: string;
}

/** Folder of the lookups that come with the package; the same from src/ and from dist/. */
const SHIPPED_LOOKUPS = fileURLToPath(new URL('../../lookups', import.meta.url));

/** What the file says, and where. */
interface Base {
  readonly value: unknown;
  readonly locate: (pointers: readonly string[]) => (pointer: string) => Location;
}

/**
 * The configuration in effect: flags before environment before file before defaults. A credential of a stronger origin
 * replaces the other credentials of a weaker one.
 *
 * @throws ConfigError with all faults at once. No secret is ever quoted.
 */
export function loadConfig(origins: ConfigOrigins): Config {
  const { flags = {}, env, read = readDisk, folder = process.cwd() } = origins;
  const named = origins.file ?? (env[CONFIG_VARIABLE] || undefined);
  const file = named === undefined ? undefined : resolve(folder, named);
  const base: Base = file === undefined ? { value: {}, locate: () => () => ({}) } : readBase(file, named ?? file, read);
  const { value, settings, faults } = merge(base, environmentSettings(env), flagSettings(flags), folder, file);
  const locate = withSettings(base, settings);
  const checked = checkValue(configSchema, value, locate);
  if ('faults' in checked) faults.push(...checked.faults);
  if (isObject(value)) {
    const place = locate([...FILE_KEYS.map(keyPointer), ...referencePointers(value)]);
    faults.push(...readCredentialFiles(value.elasticsearch, read, (key) => place(keyPointer(key))));
    if (!('faults' in checked)) faults.push(...fillReferences(value, env, place));
  }
  if (faults.length > 0 || 'faults' in checked) {
    faults.sort((a, b) => (a.location.line ?? 0) - (b.location.line ?? 0));
    throw new ConfigError(`The configuration${named === undefined ? '' : ` ${named}`} can't be used:`, faults);
  }
  return normalise(checked.value, SHIPPED_LOOKUPS);
}

function keyPointer(key: string): string {
  return toPointer(['elasticsearch', key]);
}

function readBase(path: string, named: string, read: Read): Base {
  let text: string;
  try {
    ({ text } = read(path));
  } catch (error) {
    const remedy = `Name another with --config or ${CONFIG_VARIABLE}.`;
    throw new ConfigError(`The configuration file ${path} can't be read: ${readFailure(error)}. ${remedy}`);
  }
  const parsed: Parsed = parseText(text, named);
  if ('faults' in parsed) throw new ConfigError(`The configuration ${named} can't be used:`, parsed.faults);
  // A file in which all is commented out.
  const value = parsed.value === null ? {} : parsed.value;
  const locate: Base['locate'] = (pointers) => {
    const lines = parsed.locate(pointers);
    return (pointer) => {
      const line = lines.get(pointer);
      return line === undefined ? { file: named, pointer } : { file: named, line, pointer };
    };
  };
  return { value, locate };
}

interface Merged {
  readonly value: unknown;
  /** What stronger origins gave. */
  readonly settings: readonly Setting[];
  readonly faults: Fault[];
}

/** Lays the settings over the file's value, and changes that value. */
function merge(base: Base, env: Setting[], flags: Setting[], folder: string, file: string | undefined): Merged {
  const { value } = base;
  const faults: Fault[] = [];
  if (!isObject(value)) return { value, settings: [], faults };
  if (file !== undefined) resolvePaths(value, dirname(file));
  const section = value.elasticsearch;
  if (isObject(section)) {
    const replaced = [...env, ...flags].some(({ path }) => path.join('.') === 'elasticsearch.node');
    if (replaced) delete section.node;
    else faults.push(...takeUrlCredentials(section, base.locate(['/elasticsearch/node'])('/elasticsearch/node')));
  }
  const settings: Setting[] = [];
  for (const layer of [env, flags]) {
    const given: Record<string, unknown> = {};
    for (const { path, value: own } of layer) put(given, path, own);
    resolvePaths(given, folder);
    const node = layer.find(({ path }) => path.join('.') === 'elasticsearch.node');
    if (isObject(given.elasticsearch) && node !== undefined) {
      faults.push(...takeUrlCredentials(given.elasticsearch, node.location));
    }
    lay(value, given);
    settings.push(...layer);
  }
  return { value, settings, faults };
}

/** Lays `given` over `value`, section by section; a schedule counts as one, for its keys exclude each other. */
function lay(value: Record<string, unknown>, given: Readonly<Record<string, unknown>>): void {
  for (const [key, own] of Object.entries(given)) {
    const weaker = value[key];
    if (key === 'elasticsearch' && isObject(weaker) && isObject(own)) overlayElasticsearch(weaker, own);
    else if (key !== 'schedule' && isObject(weaker) && isObject(own)) Object.assign(weaker, own);
    else if (key === 'schedule' || weaker === undefined || !isObject(own)) value[key] = own;
  }
}

/** Where a pointer lies: with the setting that gave it, else in the file, else with the settings below it. */
function withSettings(base: Base, settings: readonly Setting[]): Base['locate'] {
  const places = new Map(settings.map(({ path, location }) => [toPointer(path), location]));
  return (pointers) => {
    const inFile = base.locate(pointers);
    return (pointer) => {
      const own = places.get(pointer) ?? [...places].find(([place]) => pointer.startsWith(`${place}/`))?.[1];
      if (own !== undefined) return { ...own, pointer };
      const location = inFile(pointer);
      if (location.line !== undefined) return location;
      const below = [...places].filter(([place]) => place.startsWith(`${pointer}/`)).map(([, { file }]) => file);
      return below.length > 0 ? { file: below.join(', '), pointer } : { ...location, pointer };
    };
  };
}

/** What is called after the demo's namespace: its indices, its source, its scope. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const USUAL = 'minecanary_demo';
const CONFIG = 'scripts/demo/minecanary.yml';
const ROOT = join(import.meta.dirname, '../..');

export interface Names {
  /** `data_stream.namespace` of the events, by which incidents and alerts have their scope. */
  readonly namespace: string;
  /** Of all its indices. */
  readonly pattern: string;
  /** Of its index template. */
  readonly template: string;
}

/** MINECANARY_DEMO_NAMESPACE names another namespace, so that demos can stand side by side. */
export function demoNames(): Names {
  const namespace = process.env['MINECANARY_DEMO_NAMESPACE'] || USUAL;
  if (!/^[a-z0-9_]{1,64}$/.test(namespace)) {
    throw new Error(`MINECANARY_DEMO_NAMESPACE ${namespace} is no namespace: use lower-case letters, digits and "_".`);
  }
  return { namespace, pattern: `logs-*-${namespace}`, template: `logs-${namespace}` };
}

/** Path of the demo's configuration; that of another namespace is written into the folder that `folder` makes. */
export function demoConfig({ namespace }: Names, folder: () => string): string {
  const usual = join(ROOT, CONFIG);
  if (namespace === USUAL) return usual;
  const file = join(folder(), 'minecanary.yml');
  writeFileSync(file, readFileSync(usual, 'utf8').replaceAll(USUAL, namespace));
  return file;
}

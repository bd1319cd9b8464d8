import { isDeepStrictEqual } from 'node:util';
import type { Config, SourceConfig } from '../config/config.ts';
import { DEFAULT_POLICY, type Policy } from '../model/policy.ts';
import { sourcePolicy } from '../worker/worker.ts';
import type { Note } from './fields.ts';

type Own = 'timestamp' | 'fields' | 'scope';

const WITHOUT: Readonly<Record<Own, string>> = {
  timestamp: 'reads the time of an event from another field',
  fields: 'does not know its names of fields',
  scope: 'does not know its scope',
};

/**
 * What holds for the events of every source: one pipeline can't tell whose event it sees. Timestamp, scope and names of
 * fields that not all sources have are left out, with a note on each source that has them.
 */
export function sharedPolicy(config: Config, notes: Note[]): Policy {
  const [first, ...others] = config.sources;
  if (first === undefined) return DEFAULT_POLICY;
  const { timestamp, scope, fields, ...rest } = sourcePolicy(config, first);
  const isShared = (same: (other: SourceConfig) => boolean): boolean => others.every(same);
  const ofAll = Object.entries(fields).filter(([name, names]) =>
    isShared((other) => isDeepStrictEqual(other.fields[name], names)),
  );
  const policy: Policy = {
    ...rest,
    timestamp: isShared((other) => other.timestamp === timestamp) ? timestamp : DEFAULT_POLICY.timestamp,
    fields: Object.fromEntries(ofAll),
    ...(scope !== undefined && isShared((other) => other.scope === scope) ? { scope } : {}),
  };
  for (const source of config.sources) {
    const unknown = (Object.keys(WITHOUT) as Own[]).filter((key) => !isDeepStrictEqual(source[key], policy[key]));
    if (unknown.length === 0) continue;
    const what = unknown.map((key) => WITHOUT[key]).join(', and ');
    const note = `the ingest pipeline is one for all sources, and ${what}: the worker corrects the tags of its events`;
    notes.push({ index: `source ${source.name}`, note });
  }
  return policy;
}

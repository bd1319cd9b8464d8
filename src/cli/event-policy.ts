import { type Config, policyOf, type SourceConfig } from '../config/config.ts';
import { homeOf } from '../elastic/names.ts';
import { DEFAULT_POLICY, type Policy } from '../model/policy.ts';
import { sourcePolicy } from '../worker/worker.ts';

/** How an event is read, and the source of the configuration that says so. */
export interface EventPolicy {
  readonly policy: Policy;
  /** Name of the source; absent where none is known to. */
  readonly source?: string;
}

/** The only source of the configuration names its fields as the file does; of several none is known to. */
export function filePolicy(config: Config): EventPolicy {
  const [source, ...others] = config.sources;
  return policyBy(config, others.length === 0 ? source : undefined);
}

/** The first source that reads this index, by its own name or the one it was asked for by. */
export function indexPolicy(config: Config, index: string, asked: string): EventPolicy {
  const names = [index, homeOf(index), asked];
  const fits = (pattern: string): boolean => names.some((name) => isLike(pattern, name));
  const reads = ({ index: patterns }: SourceConfig): boolean =>
    patterns.some((pattern) => !pattern.startsWith('-') && fits(pattern)) &&
    !patterns.some((pattern) => pattern.startsWith('-') && fits(pattern.slice(1)));
  return policyBy(config, config.sources.find(reads));
}

function policyBy(config: Config, source: SourceConfig | undefined): EventPolicy {
  if (source === undefined) return { policy: policyOf(config, DEFAULT_POLICY) };
  return { policy: sourcePolicy(config, source), source: source.name };
}

/** Whether a name fits a pattern of Elasticsearch's, in which `*` stands for any text. */
function isLike(pattern: string, name: string): boolean {
  const pieces = pattern.split('*').map((piece) => piece.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 's').test(name);
}

import type { SourceConfig } from '../config/config.ts';
import { createMatcher, type Matcher } from '../matcher/match.ts';
import { type ElasticsearchSource, openElasticsearchSource } from '../sources/elasticsearch.ts';
import { planLine } from '../sources/plan.ts';
import { sourcePolicy, type Worker } from './worker.ts';

/** A source of the configuration, with the matcher that decides about its events. */
export interface OpenedSource {
  readonly source: ElasticsearchSource;
  readonly matcher: Matcher;
}

/** @throws SourceError where its indices can't be described. */
export async function openSource(
  { client, config, tables, log }: Pick<Worker, 'client' | 'config' | 'tables'> & Partial<Pick<Worker, 'log'>>,
  source: SourceConfig,
): Promise<OpenedSource> {
  const { name, index, query } = source;
  const policy = sourcePolicy(config, source);
  const narrowed = query === undefined ? {} : { query };
  return {
    source: await openElasticsearchSource({
      client,
      name,
      index,
      policy,
      tables,
      planned: (plan) => log?.debug(`${name}: ${planLine(plan)}`),
      ...narrowed,
    }),
    matcher: createMatcher(tables, policy),
  };
}

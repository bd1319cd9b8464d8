import type { Config } from '../../../config/config.ts';
import { loadLookups } from '../../../feeds/load.ts';
import { type FeedState, readState } from '../../../feeds/store.ts';
import { compile } from '../../../lookups/compile.ts';
import { roughDuration } from '../../../model/duration.ts';
import { parseTime } from '../../../model/time.ts';
import { plainText } from '../../../telemetry/plain.ts';
import { type CommonOptions, openSession, print, today } from '../../session.ts';

/** Prints the lookups in use; of those made of feeds also when they were fetched, and what failed since. */
export async function listLookups(options: CommonOptions): Promise<void> {
  const { config } = openSession(options);
  const { digest, lookups } = compile(await loadLookups(config), today());
  const states = await statesOf(config);
  const rows = lookups.map(({ name, kind, indicators, updated, provider, licence, description }) => {
    const feed = feedObject(states.get(name));
    return { name, kind, rows: indicators.length, updated, provider, licence, description, ...feed };
  });
  const missing = config.feeds.filter(({ name }) => !lookups.some((lookup) => lookup.name === name));
  if (options.json === true) {
    print(JSON.stringify({ digest, lookups: rows, not_fetched: missing.map(({ name }) => name) }));
    return;
  }
  for (const { name, kind, rows: count, updated, description } of rows) {
    const about = states.has(name) ? feedLine(states.get(name)) : description;
    print(`${name.padEnd(24)} ${kind.padEnd(8)} ${String(count).padStart(7)} rows  ${updated}  ${plainText(about)}`);
  }
  for (const { name } of missing) print(`${name.padEnd(24)} not fetched yet: ${plainText(feedLine(states.get(name)))}`);
  print(`digest ${digest}`);
}

async function statesOf({ feeds, feeds_folder }: Config): Promise<Map<string, FeedState | undefined>> {
  if (feeds_folder === undefined) return new Map();
  return new Map(
    await Promise.all(feeds.map(async (feed) => [feed.name, await readState(feeds_folder, feed)] as const)),
  );
}

function feedObject(state: FeedState | undefined): object {
  if (state === undefined) return {};
  const { succeeded, changed, failure } = state;
  return { feed: { fetched: succeeded, changed, ...(failure === undefined ? {} : { failure }) } };
}

function feedLine(state: FeedState | undefined): string {
  if (state === undefined) return 'run `minecanary lookups update`';
  const fetched = state.succeeded === undefined ? 'never fetched' : `fetched ${age(state.succeeded)} ago`;
  return state.failure === undefined
    ? fetched
    : `${fetched}; last attempt, ${age(state.tried)} ago: ${state.failure.message}`;
}

function age(moment: string): string {
  return roughDuration(Date.now() - (parseTime(moment) ?? 0));
}

import type { Config } from '../config/config.ts';
import { VERSION } from '../config/version.ts';
import { readState } from '../feeds/store.ts';
import type { Tables } from '../lookups/compile.ts';
import { parseTime } from '../model/time.ts';
import type { Log } from '../telemetry/log.ts';
import type { FeedAge, LookupsInUse } from '../telemetry/metrics.ts';
import { type Monitor, openMonitor } from '../telemetry/monitor.ts';
import { decidedBy } from '../worker/pass.ts';
import type { Worker } from '../worker/worker.ts';

/** @throws ConfigError where the configured address can't be listened on. */
export async function monitorOf(config: Config, log: Log): Promise<Monitor | undefined> {
  const { metrics, sources } = config;
  if (metrics === undefined) return undefined;
  const names = sources.map(({ name }) => name);
  return openMonitor({ ...metrics, log, version: VERSION, sources: names, feeds: () => feedAges(config) });
}

/** The worker, with the monitor watching. */
export function watchedBy(monitor: Monitor | undefined, worker: Worker): Worker {
  if (monitor === undefined) return worker;
  const { report } = monitor;
  const progress: Worker['progress'] = (source, counts) => {
    report.works();
    worker.progress(source, counts);
  };
  return { ...worker, report, progress };
}

export function inUse(tables: Tables): LookupsInUse {
  const indicators = Object.values(tables.byKind).reduce((sum, table) => sum + table.indicators.length, 0);
  return { digest: decidedBy(tables), indicators };
}

async function feedAges({ feeds, feeds_folder: folder }: Config): Promise<FeedAge[]> {
  if (folder === undefined) return [];
  return Promise.all(
    feeds.map(async (feed) => {
      const succeeded = parseTime((await readState(folder, feed))?.succeeded);
      return { feed: feed.name, seconds: succeeded === undefined ? undefined : (Date.now() - succeeded) / 1000 };
    }),
  );
}

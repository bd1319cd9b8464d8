import type { Log } from './log.ts';
import { createMetrics, type Metrics, type MetricsOptions } from './metrics.ts';
import { createPace } from './pace.ts';
import { type Answer, isLoopback, serve } from './serve.ts';
import type { WorkReport } from './work.ts';

/** Paths that the monitor answers on. */
export const PATHS = { metrics: '/metrics', alive: '/healthz', ready: '/readyz' } as const;

export interface MonitorOptions extends Pick<MetricsOptions, 'version' | 'sources' | 'feeds'> {
  /** `host:port` */
  readonly listen: string;
  readonly log: Log;
}

/** What a monitoring system asks a worker for. */
export interface Monitor {
  readonly url: string;
  /** Takes what the worker tells. */
  readonly report: WorkReport;
  readonly uses: Metrics['uses'];
  readonly close: () => Promise<void>;
}

const clock = (): number => performance.now();

/**
 * Listens for a monitoring system. Where others than this machine can come there, a warning tells it.
 *
 * @throws ConfigError where it can't be listened on.
 */
export async function openMonitor({ listen, log, ...options }: MonitorOptions): Promise<Monitor> {
  const pace = createPace(options.sources, clock);
  const metrics = createMetrics({ ...options, pace, clock });
  metrics.watchProcess();
  const { url, close } = await serve(listen, {
    [PATHS.metrics]: async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() }),
    [PATHS.alive]: async () => verdict('alive', pace.stuck()),
    [PATHS.ready]: async () => verdict('ready', pace.late()),
  });
  if (!isLoopback(listen)) {
    log.warn(
      `metrics.listen ${listen} is open to others than this machine, without a password: guard it by a network.`,
    );
  }
  log.info(`Metrics and health are told on ${url}`);
  return { url, report: metrics.report, uses: metrics.uses, close };
}

function verdict(word: string, fault: string | undefined): Answer {
  const type = 'text/plain; charset=utf-8';
  if (fault === undefined) return { status: 200, type, body: `${word}\n` };
  return { status: 503, type, body: `not ${word}: ${fault}\n` };
}

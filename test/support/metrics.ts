import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createPace } from '../../src/telemetry/pace.ts';

function still(): number {
  return 0;
}

/** Name -> what it says of itself, of all metrics of our own. */
export async function metricHelps(): Promise<ReadonlyMap<string, string>> {
  const pace = createPace(['logs'], still);
  const metrics = createMetrics({ version: '1.2.3', sources: ['logs'], pace, feeds: async () => [], clock: still });
  const lines = (await metrics.text()).matchAll(/^# HELP (\S+) (.+)$/gm);
  return new Map([...lines].map(([, name = '', help = '']) => [name, help]));
}

export async function metricNames(): Promise<readonly string[]> {
  return [...(await metricHelps()).keys()];
}

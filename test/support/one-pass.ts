/** A run over a copy of the sample, of which each source reads a third. */
import { loadConfig } from '../../src/config/load.ts';
import { VERSION } from '../../src/config/version.ts';
import { connect } from '../../src/elastic/client.ts';
import { createLog } from '../../src/telemetry/log.ts';
import type { BeforeWrite } from '../../src/worker/batch.ts';
import { type RunOutcome, runOnce } from '../../src/worker/run.ts';
import type { DataSource } from './sample/index.ts';
import { MINING, tablesOf } from './tables.ts';

/** What the sample hides, by lookups of our own. */
const TABLES = tablesOf({ ...MINING, domain: ['minexmr.com', 'hashvault.pro', 'coinhive.com', 'moneroocean.stream'] });
const THIRDS: readonly (readonly DataSource[])[] = [
  ['dns', 'sysmon', 'windows_security'],
  ['application', 'proxy', 'firewall'],
  ['netflow', 'ids', 'load_balancer'],
];

/** Index of a data source's own, among those whose names begin with `name`. */
export function indexOf(name: string, source: DataSource): string {
  return `${name}-${source}`;
}

/** Index of the third that a data source is in, in the copy whose names begin with `name`. */
export function thirdOf(name: string, source: DataSource): string {
  return `${name}-${THIRDS.findIndex((third) => third.includes(source))}`;
}

export interface OnePass {
  /** What the names of the copy begin with; its scope too. */
  readonly name: string;
  readonly url: string;
  readonly beforeWrite?: BeforeWrite;
  /** Milliseconds in which an answer must come; the product's own otherwise. */
  readonly timeout?: number;
  /** How long a lease lives. */
  readonly ttl?: string;
}

/** One run over a copy, by a worker of its own. */
export async function onePass(pass: OnePass): Promise<RunOutcome> {
  const { name, url, beforeWrite = () => undefined, timeout, ttl = '1s' } = pass;
  const sources = THIRDS.map((_, i) => ({ name: `${name}-${i}`, index: [`${name}-${i}`], scope: name }));
  const text = JSON.stringify({
    elasticsearch: { node: url },
    lag: '0s',
    lease: { ttl },
    alerts: { remind: '0s' },
    sources,
  });
  const config = loadConfig({ env: {}, file: 'test.json', read: () => ({ text, mode: 0o600 }) });
  const base = connect({ node: [url] });
  const client = timeout === undefined ? base : base.child({ requestTimeout: timeout });
  try {
    return await runOnce(
      {
        client,
        config,
        tables: TABLES,
        version: VERSION,
        owner: `${name}-${process.pid}-${performance.now()}`,
        log: createLog({ stream: process.stderr, json: false, level: 'error' }),
        signal: new AbortController().signal,
        progress: () => undefined,
        beforeWrite,
      },
      { plan: 'auto' },
    );
  } finally {
    await client.close();
    if (client !== base) await base.close();
  }
}

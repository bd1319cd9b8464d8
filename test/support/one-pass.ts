/** A run over a copy of the sample, of which each source reads a third. */
import type { Client } from '@elastic/elasticsearch';
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

/** Index of a data source in the copy whose names begin with `name`. */
export function indexOf(name: string, source: DataSource): string {
  return `${name}-${source}`;
}

/** One run over a copy, by a worker of its own; its scope is the copy's name. */
export async function onePass(name: string, url: string, beforeWrite: BeforeWrite): Promise<RunOutcome> {
  const sources = THIRDS.map((third, i) => ({
    name: `${name}-${i}`,
    index: third.map((source) => indexOf(name, source)),
    scope: name,
  }));
  const value = { elasticsearch: { node: url }, lag: '0s', lease: { ttl: '1s' }, sources };
  const text = JSON.stringify(value);
  const config = loadConfig({ env: {}, file: 'test.json', read: () => ({ text, mode: 0o600 }) });
  const client: Client = connect({ node: [url] });
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
  }
}

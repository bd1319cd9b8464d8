import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '../../../scripts/elasticsearch/place.ts';
import { startElasticsearch } from '../../../scripts/elasticsearch/server.ts';

/** A server of the bench's own, beside the local one; its URL is what `ELASTICSEARCH_URL` says until it is stopped. */
export async function startBenchServer(): Promise<{ readonly pid: number; stop(): Promise<void> }> {
  const folder = join(localFolder(), 'bench');
  mkdirSync(folder, { recursive: true });
  const server = await startElasticsearch({ folder });
  process.env['ELASTICSEARCH_URL'] = server.url;
  return server;
}

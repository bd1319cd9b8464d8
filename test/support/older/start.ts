import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startElasticsearch } from '../../../scripts/elasticsearch/server.ts';

export const OLDEST = '8.19.21';
export const FOLDER = 'MINECANARY_OLDER_FOLDER';

/** Jest's globalSetup: a server of the oldest release, on which the integration tests run. */
export default async function startOlder(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'minecanary-older-'));
  // Its user is another than root, where root runs the tests.
  chmodSync(folder, 0o755);
  process.env[FOLDER] = folder;
  const { url, description } = await startElasticsearch({ folder, version: OLDEST });
  process.env.ELASTICSEARCH_URL = url;
  console.error(`\nTesting on ${description}`);
}

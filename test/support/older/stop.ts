import { rmSync } from 'node:fs';
import { findElasticsearch } from '../../../scripts/elasticsearch/server.ts';
import { FOLDER } from './start.ts';

/** Jest's globalTeardown: ends that server and removes all it wrote. */
export default async function stopOlder(): Promise<void> {
  const folder = process.env[FOLDER];
  if (folder === undefined) return;
  await findElasticsearch(folder)?.stop();
  rmSync(folder, { recursive: true, force: true });
}

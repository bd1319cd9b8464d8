import { down } from '../../scripts/elasticsearch/local.ts';

/** Jest's globalTeardown: ends the server that this run started, and no other. */
export default async function stopElasticsearch(): Promise<void> {
  if (process.env.MINECANARY_STARTED_BY_JEST !== undefined) await down();
}

import { up } from '../../scripts/elasticsearch/local.ts';

/** Jest's globalSetup: the tests' server is there, or the run fails. Its URL goes to the workers by ELASTICSEARCH_URL. */
export default async function startElasticsearch(): Promise<void> {
  const { url, description, started } = await up().catch((error: Error) => {
    error.stack = error.message;
    throw error;
  });
  process.env.ELASTICSEARCH_URL = url;
  if (started) process.env.MINECANARY_STARTED_BY_JEST = 'yes';
  console.error(`\nTesting on ${description}`);
}

/** For tests on the real server: a client, and a corner of one's own in it. */
import { randomBytes } from 'node:crypto';
import { type Client, errors } from '@elastic/elasticsearch';
import { connect } from '../../src/elastic/client.ts';

/** URL of the server that Jest's globalSetup found or started. */
export function elasticsearchUrl(): string {
  const url = process.env.ELASTICSEARCH_URL;
  if (url === undefined) throw new Error('No test server: run this file with `jest --selectProjects integration`.');
  return url;
}

/** A client of the test server. It lacks `GET /`, so `info()` and `ping()` fail; use `cluster.health()`. */
export function testClient(): Client {
  return connect({ node: [elasticsearchUrl()] });
}

/** What the names of a test file's indices, data streams and templates begin with, such as `logs-t1f3a09c2b`. */
export function randomPrefix(start = 'logs-'): string {
  return `${start}t${randomBytes(4).toString('hex')}`;
}

/**
 * Deletes the indices, data streams and templates whose names begin with `prefix`. Where the server can't delete a data
 * stream, as the test build can't, an empty one stays, with its template.
 */
export async function cleanUp(client: Client, prefix: string): Promise<void> {
  const name = `${prefix}*`;
  const { indices, data_streams } = await client.indices.resolveIndex({ name, expand_wildcards: 'all' });
  for (const stream of data_streams) await deleteDataStream(client, stream.name, [stream.backing_indices].flat());
  const plain = indices.filter((index) => index.data_stream === undefined).map((index) => index.name);
  if (plain.length > 0) await client.indices.delete({ index: plain });
  const { index_templates } = await client.indices.getIndexTemplate({ name }, ABSENT);
  for (const template of index_templates) await client.indices.deleteIndexTemplate({ name: template.name }, IN_USE);
  const { component_templates } = await client.cluster.getComponentTemplate({ name }, ABSENT);
  for (const part of component_templates) await client.cluster.deleteComponentTemplate({ name: part.name }, IN_USE);
}

/** No template of that name, and a template in use: the statuses Elasticsearch has for them. */
const ABSENT = { ignore: [404] };
const IN_USE = { ignore: [400] };

/** What the test build answers to a request it has no plugin for; one of 8.19 says that its method is wrong. */
const CAN_NOT = new Set([400, 405]);

async function deleteDataStream(client: Client, name: string, backing: string[]): Promise<void> {
  try {
    await client.indices.deleteDataStream({ name });
  } catch (error) {
    if (!(error instanceof errors.ResponseError) || !CAN_NOT.has(error.statusCode ?? 0)) throw error;
    await client.indices.rollover({ alias: name });
    await client.indices.delete({ index: backing });
  }
}

import type { Client } from '@elastic/elasticsearch';
import type { Query } from '../../src/convert/candidates.ts';
import { ALERTS, INCIDENTS, MATCHES, UNITS } from '../../src/elastic/names.ts';
import type { Names } from './names.ts';

/** Removes the demo's indices and template, and what was made of its events; nothing else. Says what it removed. */
export async function removeDemo(client: Client, { namespace, pattern, template }: Names): Promise<string> {
  const { indices } = await client.indices.resolveIndex({ name: pattern });
  const names = indices.map(({ name }) => name);
  for (const index of names) await client.indices.delete({ index });
  await client.indices.deleteIndexTemplate({ name: template }, { ignore: [404] });
  const scope = { term: { 'minecanary.scope': namespace } };
  const documents =
    (await deleteFound(client, [`${MATCHES}-*`, INCIDENTS, `${ALERTS}-*`], scope)) +
    (await deleteFound(client, [UNITS], { term: { source: namespace } }));
  return `Removed ${names.length} indices of the sample, and ${documents} documents that were made of them.`;
}

async function deleteFound(client: Client, index: string[], query: Query): Promise<number> {
  const where = { index, ignore_unavailable: true, allow_no_indices: true };
  await client.indices.refresh(where);
  const { hits } = await client.search({ ...where, query, size: 10_000, _source: false });
  const lines = hits.hits.map(({ _index, _id }) => ({ delete: { _index, ...(_id === undefined ? {} : { _id }) } }));
  if (lines.length > 0) await client.bulk({ operations: lines, refresh: true });
  return lines.length;
}

/** The indices of lookups on the secure server: spoilt, brought up to date, and looked at. */
import type { Client } from '@elastic/elasticsearch';
import { JOINED } from './roles.ts';

/** Indices that setup finds, and does not find. */
const FILLED = 'test-port';
export const MISSING = 'test-domain';

/** Takes the index of one lookup away, and lets that of another be older than its lookup: a row lacks, one is too many. */
export async function spoilLookupIndices(admin: Client): Promise<void> {
  for (const index of JOINED.split(', ')) await admin.indices.delete({ index }, { ignore: [404] });
  await admin.indices.create({
    index: FILLED,
    settings: { index: { mode: 'lookup', refresh_interval: '-1' } },
    mappings: { _meta: { managed_by: 'minecanary', digest: 'old' } },
  });
  await admin.index({ index: FILLED, id: 'old', document: { indicator: { port: 1 } }, refresh: true });
}

/** Whether that index is as its lookup. */
export async function isFilled(admin: Client): Promise<boolean> {
  const { hits } = await admin.search<{ indicator: { port: number } }>({ index: FILLED });
  const ports = hits.hits.map(({ _source }) => _source?.indicator.port ?? 0).toSorted((a, b) => a - b);
  const mappings = await admin.indices.getMapping({ index: FILLED });
  return ports.join() === '3333,4444' && mappings[FILLED]?.mappings._meta?.['digest'] !== 'old';
}

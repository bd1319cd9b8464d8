import type { Client } from '@elastic/elasticsearch';

/** A document with what a later write needs to change it as it was read, and nothing else. */
export interface Versioned<T> {
  readonly document: T;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

/** Documents as they are now, refreshed or not, by id; those that are not there are left out. */
export async function readVersioned<T>(
  client: Client,
  places: readonly { readonly index: string; readonly id: string }[],
): Promise<Map<string, Versioned<T>>> {
  const { docs } = await client.mget<T>({ docs: places.map(({ index, id }) => ({ _index: index, _id: id })) });
  return new Map(
    docs.flatMap((doc) => {
      if (!('found' in doc) || !doc.found || doc._source === undefined) return [];
      const { _seq_no: seqNo = -1, _primary_term: primaryTerm = -1 } = doc;
      return [[doc._id, { document: doc._source, seqNo, primaryTerm }] as const];
    }),
  );
}

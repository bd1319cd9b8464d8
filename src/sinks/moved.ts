import type { Client } from '@elastic/elasticsearch';
import { sinkError } from '../elastic/errors.ts';
import { MATCHES } from '../elastic/names.ts';
import type { Versioned } from '../elastic/versioned.ts';
import { whole } from '../elastic/whole.ts';
import type { MatchDocument } from './match-document.ts';

/** An event's match document in an index other than the one its day asks for now. */
export interface Elsewhere
  extends Versioned<Pick<MatchDocument['minecanary'], 'digest' | 'day' | 'incident' | 'entity'>> {
  readonly index: string;
}

/** Ids of one search. */
const MOST_IDS = 1000;

/** Finds the match documents of events whose day lay in another month, as far as they were refreshed. */
export async function findElsewhere(
  client: Client,
  wanted: ReadonlyMap<string, { readonly index: string }>,
): Promise<Map<string, Elsewhere>> {
  const found = new Map<string, Elsewhere>();
  const ids = [...wanted.keys()];
  try {
    for (let start = 0; start < ids.length; start += MOST_IDS) {
      const response = await client.search<MatchDocument>({
        index: `${MATCHES}-*`,
        // An event lies in one other month at most: the one before it moved.
        size: 2 * MOST_IDS,
        query: { ids: { values: ids.slice(start, start + MOST_IDS) } },
        _source: ['digest', 'day', 'incident', 'entity'].map((name) => `minecanary.${name}`),
        seq_no_primary_term: true,
        track_total_hits: false,
        allow_partial_search_results: false,
      });
      for (const { _id: id = '', _index: index, _source: source, ...hit } of whole(response).hits.hits) {
        if (source === undefined || wanted.get(id)?.index === index) continue;
        const { _seq_no: seqNo = -1, _primary_term: primaryTerm = -1 } = hit;
        found.set(id, { index, document: source.minecanary, seqNo, primaryTerm });
      }
    }
    return found;
  } catch (error) {
    throw sinkError('Looking for match documents of other months', error);
  }
}

/** Takes a match document away that stands elsewhere by now; one that somebody changed since is left to the next pass. */
export async function removeElsewhere(client: Client, id: string, { index, seqNo, primaryTerm }: Elsewhere) {
  try {
    const guard = { if_seq_no: seqNo, if_primary_term: primaryTerm };
    await client.delete({ index, id, ...guard }, { ignore: [404, 409] });
  } catch (error) {
    throw sinkError(`Removing the match document ${index}/${id}`, error);
  }
}

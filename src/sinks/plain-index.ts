import type { Client, estypes } from '@elastic/elasticsearch';
import { isConflict, sinkError } from '../elastic/errors.ts';
import { SinkError } from '../model/errors.ts';

/** One of our kinds of index: setup installs its template, the writer makes its indices. */
export interface IndexKind {
  readonly template: string;
  readonly patterns: readonly string[];
  readonly mappings: estypes.MappingTypeMapping;
}

/** Makes indices explicitly, never by writing to them, and each once. */
export interface PlainIndices {
  ensure(index: string): Promise<void>;
}

export function createPlainIndices(client: Client): PlainIndices {
  const made = new Set<string>();
  return {
    async ensure(index) {
      if (made.has(index)) return;
      try {
        await client.indices.create({ index });
      } catch (error) {
        if (!isConflict(error)) throw sinkError(`Creating the index ${index}`, error);
        await refuseDataStream(client, index).catch((asked: unknown) => {
          throw sinkError(`Asking what ${index} is`, asked);
        });
      }
      made.add(index);
    },
  };
}

/** Our documents need ids of ours and updates, which a data stream refuses. */
async function refuseDataStream(client: Client, index: string): Promise<void> {
  const { data_streams: streams } = await client.indices.resolveIndex({ name: index, expand_wildcards: ['all'] });
  if (!streams.some(({ name }) => name === index)) return;
  throw new SinkError(
    `${index} is a data stream, though it must be a plain index. Delete it and run \`minecanary setup\`.`,
    { code: 'index_not_plain', location: { index } },
  );
}

import type { Corner } from '../../support/worker.ts';
import { CORPUS_MAPPINGS, CORPUS_SOURCES, type CorpusEvent, type CorpusOptions, corpusEvents } from '../corpus.ts';

const BULK = 5000;

/** Makes the four indices of a corpus and fills them; each is one segment then. */
export async function loadCorpus(corner: Corner, options: CorpusOptions): Promise<void> {
  const { client, name } = corner;
  for (const source of CORPUS_SOURCES)
    await corner.index(`-${source}`, { mappings: CORPUS_MAPPINGS, settings: { refresh_interval: '-1' } });
  await putEvents(corner, corpusEvents(options));
  await client.indices.refresh({ index: `${name}-*` });
  await client.indices.forcemerge({ index: `${name}-*`, max_num_segments: 1 }, { requestTimeout: 1_200_000 });
}

/** Indexes events, each under its id: again is anew. */
export async function putEvents(corner: Corner, events: Iterable<CorpusEvent>): Promise<void> {
  const { client, name } = corner;
  const sending: Promise<void>[] = [];
  let lines: string[] = [];
  const send = async (): Promise<void> => {
    // Two requests at once keep the server at work while the next events are made.
    if (sending.length >= 2) await sending.shift();
    sending.push(sendLines(client, lines));
    lines = [];
  };
  for (const { id, source, document } of events) {
    lines.push(`{"index":{"_index":"${name}-${source}","_id":"${id}"}}`, JSON.stringify(document));
    if (lines.length >= 2 * BULK) await send();
  }
  if (lines.length > 0) await send();
  await Promise.all(sending);
}

async function sendLines(client: Corner['client'], operations: string[]): Promise<void> {
  const { errors, items } = await client.bulk({ operations, filter_path: ['errors', 'items.*.error'] });
  if (errors) throw new Error(JSON.stringify(items.slice(0, 1)));
}

import type { Client } from '@elastic/elasticsearch';
import type { Config } from '../config/config.ts';
import { PIPELINE } from '../convert/pipeline/pipeline.ts';
import { sinkError } from '../elastic/errors.ts';
import type { Tables } from '../lookups/compile.ts';
import { LookupError } from '../model/errors.ts';
import { isoTime } from '../model/time.ts';
import type { Note } from './fields.ts';
import type { Change, Making } from './install.ts';
import { planLookupIndices } from './lookup-indices.ts';
import { planPipeline, wantedPipeline } from './pipeline.ts';
import { sharedPolicy } from './shared-policy.ts';

/** What is made of the lookups, and where. */
export interface MadeOfLookups {
  readonly client: Client;
  readonly config: Config;
  readonly tables: Tables;
}

/** Changes to all that is made of the lookups in Elasticsearch: their indices, for hunts, and the ingest pipeline. */
export async function planOfLookups(
  made: MadeOfLookups,
  notes: Note[],
  making: Making = { create: true },
): Promise<Change[]> {
  const today = isoTime(Date.now()).slice(0, 10);
  try {
    return [
      ...(await planLookupIndices(made.client, made.tables.lookups, today, notes, making)),
      ...(await planOnePipeline(made, notes, making)),
    ];
  } catch (error) {
    throw sinkError('Reading what was made of the lookups', error);
  }
}

async function planOnePipeline({ client, config, tables }: MadeOfLookups, notes: Note[], making: Making) {
  const ofSources: Note[] = [];
  try {
    const wanted = wantedPipeline(config, sharedPolicy(config, ofSources), tables);
    const changes = await planPipeline(client, wanted, notes, making);
    // Where there is no pipeline of ours, it does not matter what it does not know.
    if (!notes.some(({ index }) => index === PIPELINE)) notes.push(...ofSources);
    return changes;
  } catch (error) {
    if (!(error instanceof LookupError)) throw error;
    notes.push({ index: PIPELINE, note: error.message });
    return [];
  }
}

import { PIPELINE } from '../convert/pipeline/pipeline.ts';
import type { Tables } from '../lookups/compile.ts';
import type { Log } from '../telemetry/log.ts';
import type { Note } from './fields.ts';
import { type MadeOfLookups, planOfLookups } from './of-lookups.ts';

export type RefreshOptions = Omit<MadeOfLookups, 'tables'> & { readonly log: Log };

/**
 * Keeps what setup made of the lookups as new as the tables: called before each run, it asks Elasticsearch where the
 * tables are others than at the last call. It makes nothing that is not there. Never throws: what fails is told, once for
 * each reason, and tried again at the next call where that may help.
 */
export function createRefresh({ client, config, log }: RefreshOptions): (tables: Tables) => Promise<void> {
  let done: Tables | undefined;
  const told = new Set<string>();
  const tell = (level: 'info' | 'warn', text: string): void => {
    if (!told.has(text)) log[level](text);
    told.add(text);
  };
  return async (tables) => {
    if (tables === done) return;
    const notes: Note[] = [];
    try {
      for (const { what, apply } of await planOfLookups({ client, config, tables }, notes, { create: false })) {
        const refused = notes.length;
        await apply();
        if (notes.length === refused) log.info(`The lookups changed: ${what}`);
      }
      done = tables;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tell('warn', `What was made of the lookups is not up to date, and is tried again before the next run: ${reason}`);
    }
    // Without the pipeline nothing is missed, and the worker's role does not hold the privilege to replace it.
    for (const { index, note } of notes) tell(index === PIPELINE ? 'info' : 'warn', `${index}: ${note}`);
  };
}

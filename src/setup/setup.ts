import type { Client } from '@elastic/elasticsearch';
import type { Config } from '../config/config.ts';
import { sinkError } from '../elastic/errors.ts';
import { planComponents } from './components.ts';
import { type Note, planFields } from './fields.ts';
import { type Change, planInstall } from './install.ts';

/** What setup did, or would do. */
export interface SetupOutcome {
  readonly changes: readonly string[];
  /** What it found and left alone, and what follows for the index. */
  readonly notes: readonly Note[];
}

/**
 * Installs our templates and indices and maps the tag's fields in the sources that are tagged. Running it again changes
 * nothing.
 *
 * @param dryRun only tells what it would do.
 */
export async function setup(client: Client, config: Config, dryRun: boolean): Promise<SetupOutcome> {
  const patterns = [...new Set(config.sources.filter(({ tag }) => tag).flatMap(({ index }) => index))];
  const notes: Note[] = [];
  const changes: Change[] = await planInstall(client);
  if (patterns.length > 0) {
    changes.push(...(await planComponents(client, patterns)), ...(await planFields(client, patterns, notes)));
  }
  if (!dryRun) {
    for (const { what, apply } of changes) {
      try {
        await apply();
      } catch (error) {
        throw sinkError(`Setup: to ${what}`, error);
      }
    }
  }
  return { changes: changes.map(({ what }) => what), notes };
}

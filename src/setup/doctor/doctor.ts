import type { Client } from '@elastic/elasticsearch';
import type { Config } from '../../config/config.ts';
import { type DateField, serverTime } from '../../elastic/clock.ts';
import type { Tables } from '../../lookups/compile.ts';
import { MinecanaryError } from '../../model/errors.ts';
import { lookupIndices } from '../lookup-indices.ts';
import { areaOf, type Check } from './check.ts';
import { clockCheck } from './clock.ts';
import { checkOwn } from './own.ts';
import { checkPrivileges } from './privileges.ts';
import { checkServer } from './server.ts';
import { checkSource, type SourceChecks } from './sources.ts';

export interface Patient {
  readonly client: Client;
  readonly config: Config;
  /** The lookups in use, as far as they are good. */
  readonly tables: Tables;
  /** Milliseconds since 1970 UTC, by this machine's clock. */
  readonly now: () => number;
  /** Told what is looked at. */
  readonly progress: (what: string) => void;
}

export interface Diagnosis {
  readonly checks: readonly Check[];
  readonly sources: readonly Pick<SourceChecks, 'name' | 'fields'>[];
}

/**
 * Looks at everything a worker needs of Elasticsearch, and changes nothing. What can't be looked at is a check that
 * failed; the others are made all the same.
 */
export async function diagnose(patient: Patient): Promise<Diagnosis> {
  const { client, config, tables, now, progress } = patient;
  progress('Elasticsearch');
  const server = await checkServer(client);
  if (!server.reached) return { checks: server.checks, sources: [] };
  progress('privileges');
  const privileges = await orFailed('privileges', () =>
    checkPrivileges(client, config.sources, lookupIndices(tables.lookups)),
  );
  progress('templates');
  const own = await orFailed('setup', () => checkOwn(client, config));
  const sources: SourceChecks[] = [];
  for (const source of config.sources) {
    progress(`source ${source.name}`);
    const failed = (checks: readonly Check[]): SourceChecks => ({ name: source.name, fields: [], checks });
    let found: SourceChecks | undefined;
    const checks = await orFailed(`source ${source.name}`, async () => {
      found = await checkSource(patient, source);
      return found.checks;
    });
    sources.push(found ?? failed(checks));
  }
  const dates = sources.flatMap(({ date }) => (date === undefined ? [] : [date]));
  const clock = await orFailed('clock', () => checkClock(client, dates, now));
  return {
    checks: [...server.checks, ...privileges, ...own, ...sources.flatMap(({ checks }) => checks), ...clock],
    sources: sources.map(({ name, fields }) => ({ name, fields })),
  };
}

async function orFailed(area: string, look: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof MinecanaryError)) throw error;
    return [areaOf(area).failedBy(error)];
  }
}

/** By our state index, or by a source's where that is not there yet. */
async function checkClock(client: Client, dates: readonly DateField[], now: () => number): Promise<readonly Check[]> {
  const time = async (): Promise<number | undefined> => {
    for (const date of [undefined, ...dates]) {
      try {
        return await serverTime(client, date);
      } catch (error) {
        if (!(error instanceof MinecanaryError)) throw error;
      }
    }
    return undefined;
  };
  const before = now();
  const server = await time();
  const after = now();
  return server === undefined ? [] : [clockCheck(before, server, after)];
}

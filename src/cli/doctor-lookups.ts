import type { Config } from '../config/config.ts';
import { readState } from '../feeds/store.ts';
import type { Tables } from '../lookups/compile.ts';
import { type Fault, formatFault, LookupError } from '../model/errors.ts';
import { areaOf, type Check } from '../setup/doctor/check.ts';
import { faultsOf, filesInUse } from './commands/lookups/validate.ts';
import { openTables } from './session.ts';

const area = areaOf('lookups');

/** Faults that are shown; `lookups validate` tells all. */
const MOST = 5;

/** Whether lookups, exceptions and feeds are as they should be, and the tables where they can be used. */
export async function checkLookups(
  config: Config,
): Promise<{ readonly checks: readonly Check[]; readonly tables?: Tables }> {
  let tables: Tables;
  try {
    tables = await openTables(config);
  } catch (error) {
    if (!(error instanceof LookupError)) throw error;
    const [what = '', ...faults] = error.message.split('\n');
    const todo = 'Correct them: without good lookups no run begins.';
    return {
      checks: [
        area.failed(
          what.replace(/[.:;]?$/, ''),
          todo,
          faults.map((fault) => fault.trim()),
        ),
      ],
    };
  }
  const { lookups, digest, exceptions } = tables;
  const rows = lookups.reduce((sum, { indicators }) => sum + indicators.length, 0);
  return {
    tables,
    checks: [
      area.ok(`${lookups.length} lookups, ${rows} indicators, digest ${digest}`),
      ...exceptionChecks(exceptions),
      ...guardChecks(await faultsOf(await filesInUse(config))),
      ...(await feedChecks(config)),
    ],
  };
}

function exceptionChecks({ live, expired }: Tables['exceptions']): Check[] {
  if (live.length + expired.length === 0) return [];
  if (expired.length === 0) return [area.ok(`${live.length} exceptions`)];
  return [
    area.warning(
      `${expired.length} of ${live.length + expired.length} exceptions have expired, and except nothing`,
      'Renew or remove them; `minecanary lookups validate` names their lines.',
    ),
  ];
}

/** What validate would object to in lookups that can be used. Exceptions that expired are told of above. */
function guardChecks(faults: readonly Fault[]): Check[] {
  const told = faults.filter(({ message }) => !message.startsWith('it expired on '));
  if (told.length === 0) return [];
  const errors = told.filter(({ severity }) => severity === 'error').length;
  return [
    area.warning(
      `\`minecanary lookups validate\` finds ${errors} errors and ${told.length - errors} warnings in what is used all the same`,
      'Look at these rows; a shared name or address brings false alerts.',
      told.slice(0, MOST).map((fault) => formatFault(fault).trim()),
    ),
  ];
}

async function feedChecks({ feeds, feeds_folder: folder }: Config): Promise<Check[]> {
  if (folder === undefined) return [];
  const checks: Check[] = [];
  for (const feed of feeds) {
    const state = await readState(folder, feed);
    if (state?.succeeded !== undefined && state.failure === undefined) checks.push(area.ok(`the feed ${feed.name}`));
    else {
      const why = state?.failure === undefined ? 'was never fetched' : `failed last: ${state.failure.message}`;
      checks.push(area.warning(`the feed ${feed.name} ${why}`, 'Run `minecanary lookups update`.'));
    }
  }
  return checks;
}

import type { Client } from '@elastic/elasticsearch';
import type { Config } from '../../config/config.ts';
import { PIPELINE } from '../../convert/pipeline/pipeline.ts';
import { statusOf } from '../../elastic/errors.ts';
import { OWN_PREFIXES } from '../../elastic/names.ts';
import { ConfigError, LookupError } from '../../model/errors.ts';
import type { Note } from '../fields.ts';
import { LAYOUT, requireSetup } from '../install.ts';
import { setup } from '../setup.ts';
import { areaOf, type Check } from './check.ts';

const { ok, warning, failed, failedBy } = areaOf('setup');
/** As setup says it of the sources' indices, which are looked at one by one. */
const OF_SOURCES = /^map \d+ fields of the tag in /;

/** Templates and indices of our own: whether they are there, of this version's layout, and plain. */
export async function checkOwn(client: Client, config: Config): Promise<Check[]> {
  try {
    await requireSetup(client);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [failedBy(error)];
  }
  const plain = await checkPlain(client);
  return [
    ok(`set up, layout ${LAYOUT}`),
    ...(await checkTemplates(client, config)),
    ...(plain === undefined ? [] : [plain]),
  ];
}

async function checkTemplates(client: Client, config: Config): Promise<Check[]> {
  try {
    const { changes, lacking } = await setup(client, config, true);
    const own = changes.filter((change) => !OF_SOURCES.test(change));
    const made =
      own.length === 0
        ? ok('templates, components and indices are as this version makes them')
        : warning('something is not as this version makes it', 'Run `minecanary setup`, which would:', own);
    return [made, ...pipelineChecks(own, lacking)];
  } catch (error) {
    // Faults of lookups are told elsewhere.
    if (error instanceof LookupError) return [];
    if (statusOf(error) !== 403 && statusOf((error as Error).cause) !== 403) throw error;
    return [ok('templates and components can be looked at only with the role of setup')];
  }
}

/**
 * The worker tags without it, so that nothing of it is a fault.
 *
 * @param changes what setup would do, which is told elsewhere.
 */
export function pipelineChecks(changes: readonly string[], lacking: readonly Note[]): Check[] {
  const name = `the ingest pipeline ${PIPELINE}`;
  if (changes.some((change) => change.includes(PIPELINE))) return [];
  const note = lacking.find(({ index }) => index === PIPELINE)?.note;
  return [ok(note === undefined ? `${name} is installed and up to date` : `${name}: ${note}`)];
}

async function checkPlain(client: Client): Promise<Check | undefined> {
  const { data_streams: streams } = await client.indices.resolveIndex({
    name: OWN_PREFIXES.map((prefix) => `${prefix}*`),
    expand_wildcards: ['all'],
  });
  if (streams.length === 0) return undefined;
  return failed(
    'data streams stand where plain indices must',
    'Delete them and run `minecanary setup`.',
    streams.map(({ name }) => name),
  );
}

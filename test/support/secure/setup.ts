/** Setup as a user of the secure server, from nothing. */
import type { Client } from '@elastic/elasticsearch';
import { INCIDENTS, MATCHES, UNITS } from '../../../src/elastic/names.ts';
import { setup } from '../../../src/setup/setup.ts';
import { isFilled, MISSING, spoilLookupIndices } from './lookup-indices.ts';
import { CONFIG, EVENTS, isMapped } from './worker.ts';

const TEMPLATE = 'events-stream';
const CUSTOM = 'events@custom';
const OWN_TEMPLATES = '*minecanary*';
/** The server of the tests has no scripts, which it says once it may be asked. */
const UNFIT = 'No processor type exists with name [script]';
const ABSENT = { ignore: [404] };
/** An index of an older version, without the fields that came since. */
const OLD = `${MATCHES}-2020.01`;

/** Sources as people have them: an index, and a data stream whose template takes a component of the user. */
export async function startWithoutSetup(admin: Client): Promise<void> {
  await removeSetup(admin);
  await admin.cluster.putComponentTemplate({ name: CUSTOM, template: {} });
  await admin.indices.putIndexTemplate({
    name: TEMPLATE,
    index_patterns: ['events-stream'],
    composed_of: [CUSTOM],
    data_stream: {},
    priority: 10,
  });
  // The test server makes data streams by writing to them, and can't delete them.
  await admin.create({ index: TEMPLATE, id: 'old', document: { '@timestamp': '2020-01-01' } }, { ignore: [409] });
  if (await admin.indices.exists({ index: EVENTS })) await admin.indices.delete({ index: EVENTS });
  await admin.indices.create({ index: EVENTS });
  await admin.indices.create({ index: OLD });
  await spoilLookupIndices(admin);
}

async function removeSetup(admin: Client): Promise<void> {
  const { indices } = await admin.indices.resolveIndex({ name: ['minecanary-*', 'logs-minecanary.*'] });
  for (const { name: index } of indices) await admin.indices.delete({ index });
  const { index_templates: templates } = await admin.indices.getIndexTemplate({ name: OWN_TEMPLATES }, ABSENT);
  for (const { name } of templates) await admin.indices.deleteIndexTemplate({ name });
}

/** What setup could not do; then, of all it is for, what is not there. */
export async function setUpAs(client: Client, admin: Client): Promise<string[]> {
  const problems: string[] = [];
  try {
    const { notes, lacking } = await setup(client, CONFIG, false);
    problems.push(...[...notes, ...lacking].map(({ note }) => note).filter((note) => !note.includes(UNFIT)));
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const { index_templates: templates } = await admin.indices.getIndexTemplate({ name: OWN_TEMPLATES }, ABSENT);
  if (!templates.some(({ name }) => name === MATCHES)) problems.push('no template');
  for (const index of [UNITS, INCIDENTS]) if (!(await admin.indices.exists({ index }))) problems.push(`no ${index}`);
  if (!(await isMapped(admin, EVENTS))) problems.push('the source is not mapped');
  if (!(await admin.indices.exists({ index: MISSING }))) problems.push('a lookup has no index');
  if (!(await isFilled(admin))) problems.push('the index of a lookup is old');
  if (!(await isMapped(admin, OLD))) problems.push('the older index is not mapped');
  const { component_templates: components } = await admin.cluster.getComponentTemplate({ name: CUSTOM });
  const mapped = components[0]?.component_template.template.mappings?.properties;
  if (mapped?.['minecanary'] === undefined) problems.push('the component is not mapped');
  return problems;
}

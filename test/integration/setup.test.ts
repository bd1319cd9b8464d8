import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { matches } from '../../src/setup/install.ts';
import { setup } from '../../src/setup/setup.ts';
import { cleanUp, randomPrefix, testClient } from '../support/elasticsearch.ts';
import { at, type Corner, openCorner } from '../support/worker.ts';

const client = testClient();
const corners: Corner[] = [];
afterEach(async () => {
  for (const one of corners.splice(0)) await one.close();
});
afterAll(() => client.close());

async function corner(): Promise<Corner> {
  const one = await openCorner();
  corners.push(one);
  return one;
}

async function propertiesOf(index: string): Promise<Record<string, unknown>> {
  return (await client.indices.getMapping({ index }))[index]?.mappings.properties ?? {};
}

describe('the fields of the tag', () => {
  test('are mapped in a source, enrichments nested, and a second time nothing changes', async () => {
    const one = await corner();
    const index = await one.index('-plain', { mappings: { properties: { message: { type: 'text' } } } });
    const first = await setup(client, one.config(), false);
    expect(first.changes.filter((change) => change.includes(index))).toHaveLength(1);
    const properties = await propertiesOf(index);
    expect(at(properties, 'threat.properties.enrichments.type')).toBe('nested');
    expect(at(properties, 'minecanary.properties.score.type')).toBe('long');
    const second = await setup(client, one.config(), false);
    expect(second.changes.filter((change) => change.includes(index))).toEqual([]);
  });

  test('are only told by a dry run', async () => {
    const one = await corner();
    const index = await one.index('-dry');
    const { changes } = await setup(client, one.config(), true);
    expect(changes.some((change) => change.includes(index))).toBe(true);
    expect(await propertiesOf(index)).toEqual({});
  });

  test('leave what is mapped as it is, and say what follows from a plain threat.enrichments', async () => {
    const one = await corner();
    const tags = { type: 'keyword' as const, ignore_above: 7 };
    const enrichments = { type: 'object' as const, properties: { note: { type: 'keyword' as const } } };
    const index = await one.index('-kept', {
      mappings: { properties: { tags, threat: { properties: { enrichments } } } },
    });
    const { notes } = await setup(client, one.config(), false);
    expect(await propertiesOf(index)).toMatchObject({ tags });
    expect(notes.filter((note) => note.index === index).map(({ note }) => note)).toEqual([
      expect.stringContaining('plain object'),
    ]);
  });

  test('are refused where an index is nearly full, with the cure', async () => {
    const one = await corner();
    const settings = { 'index.mapping.total_fields.limit': 20 };
    const index = await one.index('-full', { settings, mappings: { properties: { a: { type: 'keyword' } } } });
    const { notes } = await setup(client, one.config(), false);
    expect(notes.find((note) => note.index === index)?.note).toContain('raise index.mapping.total_fields.limit');
    expect(Object.keys(await propertiesOf(index))).toEqual(['a']);
  });

  test('let a strict index be tagged', async () => {
    const one = await corner();
    const properties = {
      '@timestamp': { type: 'date' as const },
      dns: { properties: { question: { properties: { name: { type: 'keyword' as const } } } } },
    };
    const index = await one.index('-strict', { mappings: { dynamic: 'strict', properties } });
    await setup(client, one.config(), false);
    await one.put(index, {
      a: { '@timestamp': new Date().toISOString(), dns: { question: { name: 'pool.minexmr.com' } } },
    });
    expect(await one.run()).toMatchObject({ matched: 1, tagged: 1, refused: 0, failed: 0 });
  });
});

test('our templates outrank those that would make data streams of our names', async () => {
  const prefix = randomPrefix('logs-');
  const names = [100, 200].map((priority) => ({ name: `${prefix}-${priority}`, priority }));
  try {
    for (const { name, priority } of names) {
      await client.indices.putIndexTemplate({
        name,
        priority,
        index_patterns: ['logs-minecanary.*-*'],
        data_stream: {},
      });
    }
    const one = await corner();
    await setup(client, one.config(), false);
    const { index_templates: templates } = await client.indices.getIndexTemplate();
    const rank = (index: string): string | undefined =>
      templates
        .filter(({ index_template: { index_patterns: patterns } }) =>
          [patterns].flat().some((pattern) => matches(pattern, index)),
        )
        .sort((a, b) => (b.index_template.priority ?? 0) - (a.index_template.priority ?? 0))[0]?.name;
    expect(rank('logs-minecanary.alert-2026.11')).toBe('logs-minecanary.alert');
  } finally {
    for (const { name } of names) await client.indices.deleteIndexTemplate({ name });
    await cleanUp(client, prefix);
  }
});

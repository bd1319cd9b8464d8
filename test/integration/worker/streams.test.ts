import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashId } from '../../../src/matcher/incident.ts';
import { around, at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

let corner: Corner;
let stream: string;
beforeAll(async () => {
  corner = await openCorner();
  stream = `${corner.name}-default`;
  await corner.client.indices.putIndexTemplate({
    name: corner.name,
    index_patterns: [stream],
    data_stream: {},
    priority: 400,
    template: { settings: { number_of_replicas: 0 }, mappings: { properties: { '@timestamp': { type: 'date' } } } },
  });
});
afterAll(() => corner.close());

const DAY = 40;
const EVENT = {
  '@timestamp': daysAgo(DAY),
  source: { ip: '10.11.1.1' },
  destination: { ip: '51.15.58.224', port: 3333 },
};
const settings = () => ({ source: { index: stream }, range: around(DAY) });

async function backing(): Promise<string[]> {
  const { data_streams: found } = await corner.client.indices.resolveIndex({ name: stream });
  return found.flatMap(({ backing_indices: names }) => names);
}

test('events of a data stream are tagged in their backing index, before and after a rollover', async () => {
  await corner.put(stream, { before: EVENT });
  await corner.client.indices.rollover({ alias: stream });
  await corner.put(stream, { after: EVENT });
  const [first, second] = await backing();
  const outcome = await corner.run(settings());
  expect(outcome).toMatchObject({ errors: [], matched: 2, tagged: 2, failed: 0, refused: 0 });
  for (const [id, index] of [
    ['before', first],
    ['after', second],
  ]) {
    const event = await corner.event(id ?? '');
    expect(event).toMatchObject({ index, version: 2 });
    expect(at(event.source, 'tags')).toEqual(['T1496', 'cryptomining']);
  }
  const matches = await corner.matches();
  expect(matches.map(({ id }) => id).toSorted()).toEqual(
    [hashId(stream, 'before'), hashId(stream, 'after')].toSorted(),
  );
  expect(matches.map(({ source }) => source.minecanary.event.home)).toEqual([stream, stream]);
});

test('a copy of an event after a rollover is the same match', async () => {
  await corner.client.indices.rollover({ alias: stream });
  await corner.put(stream, { before: EVENT });
  const incidents = await corner.incidents();
  const outcome = await corner.run(settings());
  expect(outcome).toMatchObject({ errors: [], matched: 3, tagged: 1, unchanged: 2, incidents: 0, alerts: 0 });
  expect(await corner.matches()).toHaveLength(2);
  expect(await corner.incidents()).toEqual(incidents);
});

test.each(['restored-', 'partial-', 'restored-partial-', 'shrink-ab1z-', 'reindexed-v8-'])(
  'copies of an index under a name that begins with %s are the same matches',
  async (prefix) => {
    const name = `${corner.name}-x${prefix.replaceAll(/\W/g, '')}`;
    const copy = `${prefix}${name}`;
    const events = { one: EVENT, two: { ...EVENT, source: { ip: '10.11.1.2' } } };
    for (const index of [name, copy]) {
      await corner.client.indices.create({ index, settings: { number_of_replicas: 0 } });
    }
    try {
      await corner.put(name, events);
      const source = { index: [name, copy] };
      const first = await corner.run({ source, range: around(DAY) });
      expect(first).toMatchObject({ errors: [], tagged: 2 });
      const before = [await corner.matches(), await corner.incidents(), await corner.alerts()];
      await corner.put(copy, events);
      const second = await corner.run({ source, range: around(DAY) });
      expect(second).toMatchObject({ errors: [], matched: 4, tagged: 2, incidents: 0, alerts: 0 });
      expect([await corner.matches(), await corner.incidents(), await corner.alerts()]).toEqual(before);
      const third = await corner.run({ source, range: around(DAY) });
      expect(third).toMatchObject({ matched: 4, tagged: 0, unchanged: 4, incidents: 0, alerts: 0 });
      expect([await corner.matches(), await corner.incidents(), await corner.alerts()]).toEqual(before);
    } finally {
      await corner.client.indices.delete({ index: copy });
    }
  },
);

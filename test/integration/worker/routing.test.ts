/** An index takes the same id once in each shard: two events under different routing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashId } from '../../../src/matcher/incident.ts';
import { around, at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

const DAY = 40;
const eventOf = (ip: string) => ({ '@timestamp': daysAgo(DAY), source: { ip }, destination: { port: 3333 } });

/** Puts the same id under every routing there is room for; two shards take it twice. */
async function putTwins(index: string): Promise<string[]> {
  const taken: string[] = [];
  for (const routing of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    const document = eventOf(`10.1.1.${taken.length + 1}`);
    const response = await corner.client.index(
      { index, id: 'twin', routing, op_type: 'create', document, refresh: true },
      { ignore: [409] },
    );
    if (response.result === 'created') taken.push(routing);
  }
  return taken;
}

test('two events of one id, under different routing, are two: in matches, incidents, alerts and tags', async () => {
  const index = await corner.index('-routed', { settings: { number_of_shards: 2 } });
  const routings = await putTwins(index);
  expect(routings).toHaveLength(2);
  await corner.put(index, { single: eventOf('10.1.1.9') });

  const settings = { range: around(DAY), source: { index } };
  expect(await corner.run(settings)).toMatchObject({ errors: [], matched: 3, tagged: 3, failed: 0, refused: 0 });
  const matches = await corner.matches();
  const found = matches.map(({ source: { minecanary } }) => `${minecanary.event.id} ${minecanary.entity.name}`);
  expect(found.toSorted()).toEqual(['single 10.1.1.9', 'twin 10.1.1.1', 'twin 10.1.1.2']);
  // Where there is no routing the id is the one it always was.
  const ids = [hashId(index, 'single'), ...routings.map((routing) => hashId(index, 'twin', routing))];
  expect(matches.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(await corner.incidents()).toHaveLength(3);
  const events = await corner.events();
  const tagged = events.map(({ source }) => [at(source, 'source.ip'), at(source, 'minecanary.incident.id')].join(' '));
  const known = matches.map(({ source: { minecanary } }) => `${minecanary.entity.name} ${minecanary.incident.id}`);
  expect(tagged.toSorted()).toEqual(known.toSorted());

  expect(await corner.run(settings)).toMatchObject({ errors: [], matched: 3, tagged: 0, unchanged: 3, failed: 0 });
  expect(await corner.matches()).toEqual(matches);
  expect((await corner.events()).map(({ version }) => version)).toEqual([2, 2, 2]);
});

test('neither of the two is lost where pages lie between them', async () => {
  const index = await corner.index('-paged', { settings: { number_of_shards: 2 } });
  const [first = ''] = await putTwins(index);
  // More than a page, in the shard of the first one.
  const operations = Array.from({ length: 1200 }, (_, i) => [
    { create: { _id: `event-${i}`, routing: first } },
    eventOf('10.1.2.1'),
  ]).flat();
  await corner.client.bulk({ index, operations, refresh: true });
  const settings = { range: around(DAY), source: { index } };
  expect(await corner.run(settings)).toMatchObject({ matched: 1202, tagged: 1202, failed: 0 });
  const own = (await corner.matches()).filter(({ source }) => source.minecanary.event.index === index);
  expect(own.filter(({ source }) => source.minecanary.event.id === 'twin')).toHaveLength(2);
});

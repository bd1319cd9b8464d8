import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { around, type Corner, daysAgo, openCorner, type RunSettings } from '../../support/worker.ts';

const DAY = 41;
const POOL = '203.0.113.9';
const RANGE = around(DAY);

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

function dns(time: string, client: string, address = POOL): Record<string, unknown> {
  return {
    '@timestamp': daysAgo(DAY, time),
    source: { ip: client },
    dns: { question: { name: 'eu.minexmr.com' }, answers: [{ data: address, ttl: 60 }] },
  };
}

function connection(time: string, client: string, changes: object = {}): Record<string, unknown> {
  return { '@timestamp': daysAgo(DAY, time), source: { ip: client }, destination: { ip: POOL, port: 443 }, ...changes };
}

/** A run over the index of one test alone. */
function over(index: string, more: RunSettings = {}): RunSettings {
  return { range: RANGE, ...more, source: { index, ...more.source } };
}

async function lookups(index: string): Promise<Record<string, unknown>> {
  const own = (await corner.matches()).filter(({ source }) => source.minecanary.event.index === index);
  return Object.fromEntries(own.map(({ source: { minecanary } }) => [minecanary.event.id, minecanary.lookup]));
}

describe('a connection to what a listed name led to', () => {
  test('is found in the same run, explained by its DNS event, and a second run changes nothing', async () => {
    const index = await corner.index('-same');
    await corner.put(index, {
      before: connection('11:00:00.000Z', '10.7.1.1'),
      after: connection('12:30:00.000Z', '10.7.1.1'),
      answer: dns('12:00:00.000Z', '10.7.1.1'),
      other: connection('12:30:00.000Z', '10.7.1.2'),
    });
    expect(await corner.run(over(index))).toMatchObject({
      candidates: 4,
      matched: 2,
      tagged: 2,
      incidents: 1,
      failed: 0,
    });
    expect(await lookups(index)).toEqual({ answer: ['test-domain'], after: ['learned-addresses'] });
    const { source } = await corner.event('after');
    expect(source).toMatchObject({
      minecanary: {
        lookup: ['learned-addresses'],
        score: 47,
        reason: expect.stringContaining('the answer to eu.minexmr.com') as unknown,
      },
      threat: {
        enrichments: [{ indicator: { description: expect.stringContaining(`in ${index}/answer`) as unknown } }],
      },
    });
    const incidents = (await corner.incidents()).filter(({ source: one }) => JSON.stringify(one).includes('10.7.1.1'));
    expect(incidents).toMatchObject([{ source: { minecanary: { score: 86 } } }]);

    const versions = (await corner.events()).map(({ id, version }) => [id, version]);
    const matches = await corner.matches();
    expect(await corner.run(over(index))).toMatchObject({ matched: 2, tagged: 0, incidents: 0, alerts: 0, failed: 0 });
    expect((await corner.events()).map(({ id, version }) => [id, version])).toEqual(versions);
    expect(await corner.matches()).toEqual(matches);
  });

  test('is found in a later run too, and by another source of the same scope', async () => {
    const [names, flows] = [await corner.index('-names'), await corner.index('-flows')];
    await corner.put(names, { 'later-answer': dns('12:00:00.000Z', '10.7.2.1') });
    expect(await corner.run(over(names))).toMatchObject({ matched: 1 });
    await corner.put(flows, { 'later-flow': connection('12:59:00.000Z', '10.7.2.1') });
    expect(await corner.run(over(flows))).toMatchObject({ matched: 1, tagged: 1 });
    expect(await lookups(flows)).toEqual({ 'later-flow': ['learned-addresses'] });
  });

  test('is tagged with all that it matches, whichever look finds it', async () => {
    const index = await corner.index('-both');
    const port = { destination: { ip: POOL, port: 3333 } };
    await corner.put(index, {
      'both-answer': dns('12:00:00.000Z', '10.7.3.1'),
      both: connection('12:30:00.000Z', '10.7.3.1', port),
    });
    expect(await corner.run(over(index))).toMatchObject({ matched: 2, tagged: 2, failed: 0 });
    expect((await corner.event('both')).source).toMatchObject({
      minecanary: { lookup: ['test-port', 'learned-addresses'], score: 47 },
    });
    expect(await corner.run(over(index))).toMatchObject({ matched: 2, tagged: 0, incidents: 0 });
  });

  test('is not looked for with `learn: false`, and found once that is gone', async () => {
    const index = await corner.index('-off');
    await corner.put(index, {
      'off-answer': dns('12:00:00.000Z', '10.7.4.1'),
      off: connection('12:30:00.000Z', '10.7.4.1'),
    });
    expect(await corner.run(over(index, { config: { learn: false } }))).toMatchObject({ matched: 1, tagged: 1 });
    expect(await lookups(index)).toEqual({ 'off-answer': ['test-domain'] });
    expect(await corner.run(over(index))).toMatchObject({ matched: 2, tagged: 1 });
  });

  test('is not found by a name that is listed no more', async () => {
    const index = await corner.index('-gone');
    await corner.put(index, { 'gone-answer': dns('12:00:00.000Z', '10.7.5.1') });
    expect(await corner.run(over(index))).toMatchObject({ matched: 1 });
    await corner.put(index, { gone: connection('12:30:00.000Z', '10.7.5.1') });
    const rows = { domain: ['another.example'] };
    expect(await corner.run(over(index, { rows }))).toMatchObject({ matched: 0 });
  });

  test('is found in a sweep of the whole horizon', async () => {
    const index = await corner.index('-sweep');
    await corner.put(index, {
      'sweep-answer': { ...dns('12:00:00.000Z', '10.7.6.1'), '@timestamp': ago(90) },
      sweep: { ...connection('12:00:00.000Z', '10.7.6.1'), '@timestamp': ago(60) },
    });
    expect(await corner.run({ source: { index } })).toMatchObject({ matched: 2, tagged: 2, failed: 0 });
    expect(await lookups(index)).toEqual({ 'sweep-answer': ['test-domain'], sweep: ['learned-addresses'] });
  });
});

function ago(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

function flow(client: string): Record<string, unknown> {
  return { ...connection('', client), '@timestamp': ago(30), event: { ingested: ago(0) } };
}

function answer(client: string): Record<string, unknown> {
  return { ...dns('', client), '@timestamp': ago(40), event: { ingested: ago(0) } };
}

/** The passes that are due over an index, as a source of its own. */
function runs(name: string, index: string): ReturnType<Corner['run']> {
  return corner.run({ source: { name: `${corner.name}-${name}`, index } });
}

describe('a connection that arrived before the answer', () => {
  test('is found with it', async () => {
    const index = await corner.index('-late');
    await corner.put(index, { nothing: { '@timestamp': ago(50), event: { ingested: ago(0) } } });
    await runs('late', index);
    await corner.put(index, { 'late-flow': flow('10.7.8.1') });
    expect(await runs('late', index)).toMatchObject({ matched: 0, failed: 0 });
    await corner.put(index, { 'late-answer': answer('10.7.8.1') });
    expect(await runs('late', index)).toMatchObject({ matched: 2, tagged: 2, failed: 0 });
    expect(await lookups(index)).toEqual({ 'late-answer': ['test-domain'], 'late-flow': ['learned-addresses'] });
    expect(await runs('late', index)).toMatchObject({ tagged: 0, incidents: 0, alerts: 0, failed: 0 });
  });

  test('is found by its own source once another has read the answer', async () => {
    const [flows, names] = [await corner.index('-far-flows'), await corner.index('-far-names')];
    for (const [name, index] of [['far-flows', flows] as const, ['far-names', names] as const]) {
      await corner.put(index, { [`${name}-nothing`]: { '@timestamp': ago(50), event: { ingested: ago(0) } } });
      await runs(name, index);
    }
    await corner.put(flows, { 'far-flow': flow('10.7.9.1') });
    expect(await runs('far-flows', flows)).toMatchObject({ matched: 0, failed: 0 });
    await corner.put(names, { 'far-answer': answer('10.7.9.1') });
    expect(await runs('far-names', names)).toMatchObject({ matched: 1, failed: 0 });
    expect(await runs('far-flows', flows)).toMatchObject({ matched: 1, tagged: 1, failed: 0 });
    expect(await runs('far-flows', flows)).toMatchObject({ tagged: 0, incidents: 0, alerts: 0, failed: 0 });
    expect(await lookups(flows)).toEqual({ 'far-flow': ['learned-addresses'] });
  });
});

describe('a connection whose source was gone over while another one read the answer', () => {
  test('is tagged with it by the next run', async () => {
    const [flows, names] = [await corner.index('-slow-flows'), await corner.index('-slow-names')];
    await corner.put(flows, { slow: { ...flow('10.7.12.1'), destination: { ip: POOL, port: 3333 } } });
    await corner.put(names, { 'slow-answer': answer('10.7.12.1') });
    const quick = { source: { name: `${corner.name}-slow-flows`, index: flows }, config: { lag: '0s' } };
    let step: string | undefined;
    const inBetween = async (next: string): Promise<void> => {
      if (step === undefined) expect(await corner.run(quick)).toMatchObject({ tagged: 1, failed: 0 });
      step ??= next;
    };
    await corner.run({ source: { name: `${corner.name}-slow-names`, index: names }, beforeWrite: inBetween });
    expect(step).toBe('matches');
    expect(await corner.run(quick)).toMatchObject({ tagged: 1, failed: 0 });
    expect((await corner.event('slow')).source).toMatchObject({
      minecanary: { lookup: ['test-port', 'learned-addresses'] },
    });
  });
});

describe('a connection of some days ago', () => {
  test('is tagged with what another source was first gone over for since', async () => {
    const [flows, names] = [await corner.index('-old-flows'), await corner.index('-old-names')];
    const times = { answer: ago(3 * 24 * 60 + 10), flow: ago(3 * 24 * 60) };
    const destination = { ip: POOL, port: 3333 };
    await corner.put(flows, { old: { ...connection('', '10.7.13.1'), '@timestamp': times.flow, destination } });
    expect(await runs('old-flows', flows)).toMatchObject({ tagged: 1, failed: 0 });
    await corner.put(names, { 'old-answer': { ...dns('', '10.7.13.1'), '@timestamp': times.answer } });
    expect(await runs('old-names', names)).toMatchObject({ tagged: 1, failed: 0 });
    expect(await runs('old-flows', flows)).toMatchObject({ tagged: 1, failed: 0 });
    expect((await corner.event('old')).source).toMatchObject({
      minecanary: { lookup: ['test-port', 'learned-addresses'] },
    });
  });
});

function stopAtCheckpoint(step: string): void {
  if (step === 'checkpoint') throw new Error('stopped here');
}

describe('a connection that was tagged in a sweep that did not end', () => {
  test('is tagged with what another source taught since', async () => {
    const keyword = { type: 'keyword' } as const;
    const mappings = { properties: { minecanary: { properties: { lookups: keyword, stage: keyword } } } };
    const [flows, names] = [await corner.index('-cut-flows', { mappings }), await corner.index('-cut-names')];
    await corner.put(flows, { cut: { ...flow('10.7.11.1'), destination: { ip: POOL, port: 3333 } } });
    const cut = { source: { name: `${corner.name}-cut-flows`, index: flows } };
    await expect(corner.run({ ...cut, beforeWrite: stopAtCheckpoint })).rejects.toThrow('stopped here');
    expect((await corner.event('cut')).source).toMatchObject({ minecanary: { lookup: ['test-port'] } });
    await corner.put(names, { 'cut-answer': answer('10.7.11.1') });
    await runs('cut-names', names);
    expect(await corner.run(cut)).toMatchObject({ tagged: 1, failed: 0 });
    expect((await corner.event('cut')).source).toMatchObject({
      minecanary: { lookup: ['test-port', 'learned-addresses'] },
    });
  });
});

test('the match document of a DNS event keeps what it teaches, so that it can be searched', async () => {
  const index = await corner.index('-kept');
  await corner.put(index, { kept: dns('12:00:00.000Z', '10.7.7.1', '203.0.113.77') });
  await corner.run(over(index));
  const found = await corner.client.search({
    index: 'minecanary-matches-*',
    query: { term: { 'minecanary.lesson.address': '203.0.113.64/26' } },
    _source: ['minecanary.lesson'],
  });
  expect(found.hits.hits.map(({ _source }) => _source)).toEqual([
    {
      minecanary: {
        lesson: {
          name: 'eu.minexmr.com',
          indicator: 'minexmr.com',
          lookup: 'test-domain',
          asker: ['10.7.7.1'],
          address: ['203.0.113.77'],
          from: daysAgo(DAY),
          until: daysAgo(DAY, '13:00:00.000Z'),
        },
      },
    },
  ]);
});

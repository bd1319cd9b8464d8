import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Step } from '../../../src/worker/batch.ts';
import { around, at, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());

const DAY = 40;
const TIME = daysAgo(DAY);
const EVENT = { '@timestamp': TIME, source: { ip: '10.7.7.7' }, destination: { ip: '51.15.58.224', port: 3333 } };
let made = 0;

/** An event in an index of its own. */
async function place(event: object = EVENT): Promise<{ index: string; id: string }> {
  made += 1;
  const index = await corner.index(`-${made}`);
  const id = `event-${made}`;
  await corner.put(index, { [id]: event as Record<string, unknown> });
  return { index, id };
}

/** Does something once, before a write. */
function once(step: Step, act: () => Promise<unknown>): (at: Step) => Promise<void> {
  let done = false;
  return async (now) => {
    if (done || now !== step) return;
    done = true;
    await act();
  };
}

async function matchOf(id: string) {
  return (await corner.matches()).find(({ source }) => source.minecanary.event.id === id)?.source;
}

describe('an event that somebody changes between read and write', () => {
  test.each<Step>(['matches', 'incidents', 'alerts', 'tags'])('keeps both changes: before %s', async (step) => {
    const { index, id } = await place();
    const change = { doc: { status: 'seen', tags: ['theirs'], threat: { technique: { id: ['T1059'] } } } };
    const beforeWrite = once(step, () => corner.client.update({ index, id, ...change }));
    const outcome = await corner.run({ source: { index }, range: around(DAY), beforeWrite });
    expect(outcome).toMatchObject({ errors: [], matched: 1, tagged: 1, failed: 0, refused: 0 });
    expect(await corner.event(id)).toMatchObject({
      version: 3,
      source: {
        ...EVENT,
        status: 'seen',
        tags: ['theirs', 'T1496', 'cryptomining'],
        threat: { technique: { id: ['T1059', 'T1496'] } },
        minecanary: { kind: ['address', 'port'] },
      },
    });
  });

  test('is not tagged once it is evidence no more', async () => {
    const { index, id } = await place();
    const benign = { ...EVENT, destination: { ip: '192.0.2.1', port: 443 } };
    const beforeWrite = once('tags', () => corner.client.index({ index, id, document: benign }));
    const outcome = await corner.run({ source: { index }, range: around(DAY), beforeWrite });
    expect(outcome).toMatchObject({ errors: [], tagged: 0, failed: 0 });
    expect((await corner.event(id)).source).toEqual(benign);
  });

  test('is matched anew where the change brings evidence', async () => {
    const { index, id } = await place();
    const doc = { dns: { question: { name: 'pool.minexmr.com' } } };
    const beforeWrite = once('tags', () => corner.client.update({ index, id, doc }));
    const outcome = await corner.run({ source: { index }, range: around(DAY), beforeWrite });
    expect(outcome).toMatchObject({ errors: [], tagged: 1, failed: 0 });
    expect(at((await corner.event(id)).source, 'minecanary.kind')).toEqual(['address', 'port', 'domain']);
    expect((await matchOf(id))?.minecanary.kind).toEqual(['address', 'port', 'domain']);
  });

  test('moves its evidence to the entity it then names', async () => {
    const { index, id } = await place({ ...EVENT, source: { ip: '10.7.7.8' } });
    const beforeWrite = once('tags', () => corner.client.update({ index, id, doc: { source: { ip: '10.7.7.9' } } }));
    await corner.run({ source: { index }, range: around(DAY), beforeWrite });
    const incidents = new Map(
      (await corner.incidents()).map(({ source }) => [at(source, 'minecanary.entity.name'), source]),
    );
    expect(at(incidents.get('10.7.7.8'), 'minecanary.events')).toBe(0);
    expect(at(incidents.get('10.7.7.8'), 'minecanary.severity')).toBe('none');
    expect(at(incidents.get('10.7.7.8'), 'minecanary.highest')).toBe('medium');
    expect(at(incidents.get('10.7.7.9'), 'minecanary.events')).toBe(1);
    expect(at((await corner.event(id)).source, 'minecanary.incident.id')).toBe(
      at(incidents.get('10.7.7.9'), 'minecanary.incident.id'),
    );
  });

  test('and changes again and again is left to the next pass', async () => {
    const { index, id } = await place();
    let changes = 0;
    const beforeWrite = async (step: Step) => {
      if (step !== 'tags') return;
      changes += 1;
      await corner.client.update({ index, id, doc: { changes } });
    };
    const settings = { source: { index, name: `${corner.name}-busy` }, range: around(DAY) };
    const outcome = await corner.run({ ...settings, beforeWrite });
    expect(outcome.failures).toMatchObject([{ index, id, retryable: true }]);
    expect(outcome).toMatchObject({ failed: 1, tagged: 0, errors: [{ code: 'unsettled' }] });
    expect((await corner.event(id)).source).toEqual({ ...EVENT, changes });
    expect(await corner.run(settings)).toMatchObject({ errors: [], tagged: 1, failed: 0 });
  });

  test('is not brought back when it is deleted', async () => {
    const { index, id } = await place();
    const beforeWrite = once('tags', () => corner.client.delete({ index, id }));
    const outcome = await corner.run({ source: { index }, range: around(DAY), beforeWrite });
    expect(outcome).toMatchObject({ errors: [], tagged: 0, failed: 0 });
    expect(await corner.client.exists({ index, id })).toBe(false);
    expect((await matchOf(id))?.minecanary.kind).toEqual(['address', 'port']);
  });
});

/** Two indices, of which one meets its fate before the tags are written. */
async function lose(fate: (index: string) => Promise<unknown>) {
  const [lost, kept] = [await place(), await place()];
  const beforeWrite = once('tags', () => fate(lost.index));
  const index = [lost.index, kept.index];
  const outcome = await corner.run({ source: { index }, range: around(DAY), beforeWrite });
  expect(at((await corner.event(kept.id)).source, 'minecanary.stage')).toBe('worker');
  expect((await matchOf(lost.id))?.minecanary.kind).toEqual(['address', 'port']);
  return { lost, outcome };
}

describe('an index that changes between read and write', () => {
  test('is not created anew when it was deleted', async () => {
    const { lost, outcome } = await lose((index) => corner.client.indices.delete({ index }));
    expect(await corner.client.indices.exists({ index: lost.index })).toBe(false);
    expect(outcome).toMatchObject({ errors: [], matched: 2, tagged: 1, failed: 0, refused: 1 });
    expect(outcome.refusals).toEqual([{ ...lost, reason: 'tag: the index is gone', retryable: false }]);
  });

  test('is reported when it was closed', async () => {
    const { lost, outcome } = await lose((index) => corner.client.indices.close({ index }));
    expect(outcome).toMatchObject({ errors: [], tagged: 1, failed: 0, refused: 1 });
    expect(outcome.refusals).toMatchObject([{ ...lost, reason: expect.stringContaining('closed') }]);
    await corner.client.indices.open({ index: lost.index });
    expect(await corner.event(lost.id)).toMatchObject({ version: 1, source: EVENT });
  });

  test.each(['write', 'read_only'] as const)('is reported when it has a %s block', async (block) => {
    const { lost, outcome } = await lose((index) => corner.client.indices.addBlock({ index, block }));
    await corner.client.indices.putSettings({ index: lost.index, settings: { [`index.blocks.${block}`]: null } });
    expect(outcome).toMatchObject({ errors: [], tagged: 1, failed: 0, refused: 1 });
    expect(outcome.refusals).toMatchObject([{ ...lost, reason: expect.stringContaining('FORBIDDEN') }]);
    expect((await corner.ledger()).map(({ source }) => at(source, 'document.id'))).toContain(lost.id);
    expect(await corner.event(lost.id)).toMatchObject({ version: 1, source: EVENT });
    const incident = (await corner.incidents()).find(
      ({ source }) => at(source, 'minecanary.entity.name') === '10.7.7.7',
    );
    const alerts = (await corner.alerts()).map(({ source }) => at(source, 'minecanary.incident.id'));
    expect(alerts).toContain(incident?.id);
  });

  test.each(['delete', 'close'] as const)('ends no pass over the others: %s', async (fate) => {
    const [lost, kept] = [await place(), await place()];
    const source = { index: [lost.index, kept.index], name: `${corner.name}-${fate}` };
    // The first run sweeps, window after window.
    const beforeWrite = once('matches', () => corner.client.indices[fate]({ index: lost.index }));
    const now = { '@timestamp': new Date().toISOString() };
    for (const { index, id } of [lost, kept]) await corner.client.update({ index, id, doc: now, refresh: true });
    const outcome = await corner.run({ source, beforeWrite });
    expect(outcome).toMatchObject({ errors: [], matched: 2, tagged: 1, failed: 0, refused: 1 });
    expect(at((await corner.event(kept.id)).source, 'minecanary.stage')).toBe('worker');
    expect(await corner.run({ source: { ...source, index: kept.index } })).toMatchObject({ errors: [], failed: 0 });
  });

  test('is found again once it is open: a closed one is left out of the reading', async () => {
    const [closed, open] = [await place(), await place()];
    await corner.client.indices.close({ index: closed.index });
    const settings = { source: { index: `${corner.name}-*` }, range: around(DAY) };
    expect(await corner.run(settings)).toMatchObject({ errors: [], failed: 0 });
    expect(at((await corner.event(open.id)).source, 'minecanary.stage')).toBe('worker');
    await corner.client.indices.open({ index: closed.index });
    await corner.run(settings);
    expect(at((await corner.event(closed.id)).source, 'minecanary.stage')).toBe('worker');
  });
});

test('custom routing is kept: the event is updated in its shard, also after a conflict', async () => {
  const index = await corner.index('-routed', { settings: { number_of_shards: 4 } });
  for (let i = 0; i < 20; i += 1) {
    await corner.client.index({ index, id: `routed-${i}`, routing: `r${i}`, document: { ...EVENT, i } });
  }
  await corner.client.indices.refresh({ index });
  const change = () => corner.client.update({ index, id: 'routed-3', routing: 'r3', doc: { theirs: true } });
  const beforeWrite = once('tags', change);
  const outcome = await corner.run({ source: { index }, range: around(DAY), beforeWrite });
  expect(outcome).toMatchObject({ errors: [], matched: 20, tagged: 20, failed: 0, refused: 0 });
  expect((await corner.client.count({ index })).count).toBe(20);
  const { _source: source } = await corner.client.get({ index, id: 'routed-3', routing: 'r3' });
  expect(source).toMatchObject({ theirs: true, minecanary: { stage: 'worker' } });
});

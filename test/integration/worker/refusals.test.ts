import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { elasticsearchUrl } from '../../support/elasticsearch.ts';
import { OVERLOAD, type Refused, type Rules, startProxy, UNFIT } from '../../support/proxy.ts';
import type { StandIn } from '../../support/stand-in.ts';
import { at, type Corner, openCorner } from '../../support/worker.ts';

let corner: Corner;
let index: string;
let made = 0;
let proxy: StandIn | undefined;
beforeAll(async () => void (corner = await openCorner()));
afterAll(() => corner.close());
beforeEach(async () => {
  made += 1;
  index = await corner.index(`-${made}`);
});
afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});

const entity = (): string => `10.9.0.${made}`;
const settings = () => ({ source: { index, name: `${corner.name}-${made}` }, config: { lag: '0s' } });

async function put(...ids: readonly string[]): Promise<void> {
  const arrived = new Date().toISOString();
  const event = { source: { ip: entity() }, destination: { ip: '51.15.58.224', port: 3333 } };
  const dated = { '@timestamp': arrived, event: { ingested: arrived }, ...event };
  await corner.put(index, Object.fromEntries(ids.map((id) => [id, dated])));
}

/** One run through a proxy that refuses. */
async function run(rules: Rules) {
  proxy = await startProxy(elasticsearchUrl(), rules);
  return corner.run({ ...settings(), node: proxy.url });
}

async function checkpoint(): Promise<unknown> {
  const unit = (await corner.units()).find(({ id }) => id === `incremental:${corner.name}-${made}`);
  return unit?.source['checkpoint'];
}

function own<T extends { source: unknown }>(some: readonly T[], path: string, value: string): T[] {
  return some.filter(({ source }) => at(source, path) === value);
}

async function state() {
  const events = (await corner.events()).filter((one) => one.index === index);
  return {
    matches: own(await corner.matches(), 'minecanary.event.index', index).length,
    incidents: own(await corner.incidents(), 'minecanary.entity.name', entity()).length,
    alerts: own(await corner.alerts(), 'minecanary.entity.name', entity()).length,
    tagged: events.filter(({ source }) => 'minecanary' in source).map(({ id }) => id),
    ledger: Object.fromEntries(
      own(await corner.ledger(), 'document.index', index).map(({ source }) => [
        at(source, 'document.id'),
        source['retryable'] === true ? 'may pass' : 'for good',
      ]),
    ),
  };
}

describe('a refusal that may pass stops the checkpoint', () => {
  const CASES: readonly (readonly [name: string, rules: () => Rules, left: object])[] = [
    [
      'of a tag',
      () => ({ item: ({ id, action }) => (action === 'update' && id === 'b' ? OVERLOAD : undefined) }),
      { matches: 2, incidents: 1, alerts: 1, tagged: ['a'] },
    ],
    [
      'of a match document',
      () => ({ item: ({ index: name }) => (name.startsWith('minecanary-matches') ? OVERLOAD : undefined) }),
      { matches: 0, incidents: 0, alerts: 0, tagged: [] },
    ],
    [
      'of an incident',
      () => ({ item: ({ index: name }) => (name === 'minecanary-incidents' ? OVERLOAD : undefined) }),
      { matches: 2, incidents: 0, alerts: 0, tagged: [] },
    ],
    [
      'of an alert',
      () => ({ item: ({ index: name }) => (name.startsWith('logs-minecanary') ? OVERLOAD : undefined) }),
      { matches: 2, incidents: 1, alerts: 0, tagged: [] },
    ],
    [
      'of every bulk request',
      () => ({ request: (line) => (line === 'POST /_bulk' ? OVERLOAD : undefined) }),
      { matches: 0, incidents: 0, alerts: 0, tagged: [] },
    ],
    [
      'of a search',
      () => ({
        request: (line, body) =>
          line === 'POST /_search' && body.includes('"pit"')
            ? { status: 503, type: 'no_shard_available_action_exception', reason: 'a shard is gone' }
            : undefined,
      }),
      { matches: 0, incidents: 0, alerts: 0, tagged: [] },
    ],
    [
      'by a circuit breaker',
      () => ({
        item: ({ action }) => (action === 'update' ? { ...OVERLOAD, type: 'circuit_breaking_exception' } : undefined),
      }),
      { matches: 2, incidents: 1, alerts: 1, tagged: [] },
    ],
  ];

  test.each(CASES)('%s', async (_, rules, left) => {
    expect(await corner.run(settings())).toMatchObject({ errors: [] });
    const before = await checkpoint();
    expect(before).toBeDefined();
    await put('a', 'b');

    const refused = await run(rules());
    expect(refused.errors).toMatchObject([{ retryable: true }]);
    expect(await checkpoint()).toBe(before);
    expect(await state()).toMatchObject(left);

    const repeated = await corner.run(settings());
    expect(repeated).toMatchObject({ errors: [], failed: 0 });
    expect(await state()).toMatchObject({ matches: 2, incidents: 1, alerts: 1, tagged: ['a', 'b'] });
    expect(Date.parse(String(await checkpoint()))).toBeGreaterThan(Date.parse(String(before)));
  });

  test('and is tried again first: a short overload is no failure', async () => {
    await put('a');
    let left = 2;
    const once = (): Refused | undefined => (left-- > 0 ? OVERLOAD : undefined);
    const outcome = await run({ item: ({ action }) => (action === 'update' ? once() : undefined) });
    expect(outcome).toMatchObject({ errors: [], failed: 0, tagged: 1 });
  });

  test('and an index that is deleted in the meantime is not created anew', async () => {
    await put('a');
    let gone: Promise<unknown> | undefined;
    const outcome = await run({
      item: ({ action }) => {
        if (action !== 'update' || gone !== undefined) return undefined;
        gone = corner.client.indices.delete({ index });
        return OVERLOAD;
      },
    });
    await gone;
    expect(await corner.client.indices.exists({ index })).toBe(false);
    expect(outcome).toMatchObject({ errors: [], failed: 0, tagged: 0, refused: 1 });
    expect(outcome.refusals).toMatchObject([{ index, id: 'a', reason: 'tag: the index is gone' }]);
  });

  test('of an index at flood stage, and only there', async () => {
    await corner.run(settings());
    const before = await checkpoint();
    const full = index;
    await put('a');
    const other = await corner.index(`-${made}-other`);
    const { _source: copy = {} } = await corner.client.get<Record<string, unknown>>({ index, id: 'a' });
    await corner.put(other, { b: copy });
    const both = { ...settings(), source: { ...settings().source, index: [full, other] } };
    await corner.client.indices.putSettings({
      index: full,
      settings: { 'index.blocks.read_only_allow_delete': true },
    });
    const outcome = await corner.run(both);
    expect(outcome).toMatchObject({ failed: 1, tagged: 1, errors: [{ code: 'unsettled' }] });
    expect(outcome.failures).toMatchObject([{ index: full, id: 'a', retryable: true }]);
    expect(await checkpoint()).toBe(before);
    await corner.client.indices.putSettings({
      index: full,
      settings: { 'index.blocks.read_only_allow_delete': null },
    });
    expect(await corner.run(both)).toMatchObject({ errors: [], failed: 0, tagged: 1 });
    expect(Date.parse(String(await checkpoint()))).toBeGreaterThan(Date.parse(String(before)));
  });

  test('names the documents in the ledger, beside those that are refused for good', async () => {
    await put('a', 'b', 'c');
    const outcome = await run({
      item: ({ id, action }) =>
        action !== 'update' ? undefined : id === 'a' ? OVERLOAD : id === 'b' ? UNFIT : undefined,
    });
    expect(outcome).toMatchObject({ failed: 1, refused: 1, tagged: 1 });
    expect((await state()).ledger).toEqual({ a: 'may pass', b: 'for good' });
  });
});

describe('a refusal for good goes to the ledger and lets the checkpoint pass', () => {
  test('of a tag: no failure', async () => {
    await corner.run(settings());
    const before = await checkpoint();
    await put('a', 'b');
    const outcome = await run({ item: ({ id, action }) => (action === 'update' && id === 'b' ? UNFIT : undefined) });
    expect(outcome).toMatchObject({ errors: [], failed: 0, refused: 1, tagged: 1 });
    expect(outcome.refusals).toMatchObject([{ index, id: 'b', reason: expect.stringContaining(UNFIT.reason) }]);
    expect(await state()).toEqual({ matches: 2, incidents: 1, alerts: 1, tagged: ['a'], ledger: { b: 'for good' } });
    expect(await checkpoint()).not.toBe(before);
  });

  test('of a match document: a failure, and the event stays without a tag', async () => {
    await corner.run(settings());
    const before = await checkpoint();
    await put('a', 'b');
    let first: string | undefined;
    const outcome = await run({
      item: ({ id, index: name }) => {
        if (!name.startsWith('minecanary-matches')) return undefined;
        first ??= id;
        return id === first ? UNFIT : undefined;
      },
    });
    expect(outcome).toMatchObject({ errors: [], failed: 1, refused: 0, tagged: 1 });
    expect(outcome.failures).toMatchObject([{ index, retryable: false }]);
    const { tagged, matches, ledger } = await state();
    expect([matches, tagged.length]).toEqual([1, 1]);
    expect(ledger).toEqual({ [outcome.failures[0]?.id ?? '']: 'for good' });
    expect(await checkpoint()).not.toBe(before);
  });

  test('unless the ledger itself can not be written', async () => {
    await corner.run(settings());
    const before = await checkpoint();
    await put('a');
    const noted = run({
      item: ({ action, index: name }) => (action === 'update' || name === 'minecanary-units' ? UNFIT : undefined),
    });
    await expect(noted).rejects.toMatchObject({ code: 'ledger_refused', location: { index, id: 'a' } });
    expect(await checkpoint()).toBe(before);
  });
});

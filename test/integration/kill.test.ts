import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Step } from '../../src/worker/batch.ts';
import { ROOT, startCli } from '../support/cli.ts';
import { elasticsearchUrl } from '../support/elasticsearch.ts';
import { indexOf, onePass } from '../support/one-pass.ts';
import { type SampleEvent, sampleEvents } from '../support/sample/index.ts';
import { passage } from '../support/stand-in.ts';
import { at, type Corner, daysAgo, openCorner, type Stored } from '../support/worker.ts';

type Json = Readonly<Record<string, unknown>>;

const MAIN = join(ROOT, 'test/support/killed-worker.ts');
const HOUR = 3_600_000;
/** All of one day: whether an alert stands for a later day depends on when the days are seen. */
const EVENTS: readonly SampleEvent[] = [
  ...sampleEvents({
    seed: 11,
    end: new Date(daysAgo(1, '23:00:00.000Z')),
    span: 22 * HOUR,
    perSource: 30,
    miningShare: 0.4,
  }),
];
const HALF = EVENTS.length / 2;

const corners: Corner[] = [];
afterEach(async () => {
  for (const one of corners.splice(0)) await one.close();
});

/** Puts events into a copy; with `arrived`, as if they had arrived then. */
async function put(copy: Corner, events: readonly SampleEvent[], arrived?: string): Promise<void> {
  for (const [source, own] of Map.groupBy(events, (event) => event.source)) {
    const documents = own.map(({ id, document }): [string, Json] => [
      id,
      arrived === undefined ? document : { ...document, event: { ...(document['event'] as Json), ingested: arrived } },
    ]);
    await copy.put(indexOf(copy.name, source), Object.fromEntries(documents));
  }
}

async function copyOf(events: readonly SampleEvent[]): Promise<Corner> {
  const copy = await openCorner();
  await put(copy, events);
  return copy;
}

async function passed(copy: Corner): Promise<void> {
  const { errors, failures, refusals } = await onePass(copy.name, elasticsearchUrl(), () => undefined);
  expect({ errors, failures, refusals }).toEqual({ errors: [], failures: [], refusals: [] });
}

/** Names of fields that hold when something was written, or a digest over the copy's own scope. */
const OWN = new Set(['tagged', 'updated', 'occurred', 'ingested', 'created', 'digest']);

/** What copies have in common of a document. */
function shared(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shared);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).flatMap(([key, own]) => (OWN.has(key) ? [] : [[key, shared(own)] as const]));
  // Of an object that held nothing else, nothing is left.
  return Object.fromEntries(kept.filter(([, own]) => JSON.stringify(own) !== '{}'));
}

/** All that a copy holds, without times of writing, with words in place of names and ids of its own. */
async function contentsOf(copy: Corner): Promise<Readonly<Record<string, unknown>>> {
  const [events, matches, incidents, alerts] = await Promise.all([
    copy.events(),
    copy.matches(),
    copy.incidents(),
    copy.alerts(),
  ]);
  const words = new Map<string, string>([[copy.name, 'COPY']]);
  for (const { id, source } of incidents) {
    const [entity, day] = ['minecanary.entity.name', 'minecanary.day'].map((path) => String(at(source, path)));
    words.set(id, `incident of ${entity} on ${day}`);
    words.set(String(at(source, 'minecanary.entity.id')), `entity ${entity}`);
  }
  const pattern = new RegExp([...words.keys()].join('|'), 'g');
  const worded = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll(pattern, (own) => words.get(own) ?? own)) as T;
  const plain = (some: readonly Stored<unknown>[], idOf: (one: Stored<unknown>) => unknown): Record<string, unknown> =>
    Object.fromEntries(some.map((one) => [worded(idOf(one)), worded(shared(one.source))]));
  const highest = new Map<string, number>();
  for (const { source } of alerts) {
    const incident = words.get(String(at(source, 'minecanary.incident.id'))) ?? 'no incident';
    highest.set(incident, Math.max(highest.get(incident) ?? 0, Number(at(source, 'event.severity'))));
  }
  return {
    events: plain(events, ({ index, id }) => `${index}/${id}`),
    matches: plain(matches, ({ source }) => Object.values(at(source, 'minecanary.event') as Json).join('/')),
    incidents: plain(incidents, ({ id }) => id),
    highest: Object.fromEntries(highest),
    counts: [events, matches, incidents].map(({ length }) => length),
  };
}

let undisturbed: Readonly<Record<string, unknown>>;
beforeAll(async () => {
  const copy = await copyOf(EVENTS);
  await passed(copy);
  undisturbed = await contentsOf(copy);
  await copy.close();
  expect(Object.keys(undisturbed['matches'] ?? {}).length).toBeGreaterThan(50);
  expect(new Set(Object.values(undisturbed['highest'] ?? {})).size).toBeGreaterThan(1);
});

async function expectUndisturbed(copy: Corner): Promise<void> {
  const contents = await contentsOf(copy);
  for (const [name, expected] of Object.entries(undisturbed))
    expect({ [name]: contents[name] }).toEqual({ [name]: expected });
}

async function killed(copy: Corner, step: Step, nth: number): Promise<void> {
  const { code, stderr } = await startCli([copy.name, elasticsearchUrl(), step, String(nth)], { main: MAIN }).ended;
  expect({ code, stderr }).toEqual({ code: 'SIGKILL', stderr: '' });
}

function isBulk(line: string): boolean {
  return line.startsWith('POST /_bulk');
}

describe('a worker that is killed and started again ends as if nothing had happened', () => {
  test.each<[Step, number]>([
    ['matches', 1],
    ['matches', 3],
    ['incidents', 2],
    ['incidents', 4],
    ['alerts', 1],
    ['tags', 2],
    ['checkpoint', 4],
  ])('before it writes %s, time %i', async (step, nth) => {
    const copy = await copyOf(EVENTS);
    corners.push(copy);
    await killed(copy, step, nth);
    await passed(copy);
    await expectUndisturbed(copy);
  });

  test.each([1, 3, 6])('while a bulk request is on its way, number %i', async (nth) => {
    const copy = await copyOf(EVENTS);
    corners.push(copy);
    const to = { kill: (): unknown => undefined };
    const between = await passage(elasticsearchUrl(), (line) => {
      if (isBulk(line) && between.passed.filter(isBulk).length === nth) to.kill();
    });
    const { child, ended } = startCli([copy.name, between.url], { main: MAIN });
    to.kill = () => child.kill('SIGKILL');
    const { code, stderr } = await ended;
    await between.close();
    expect({ code, stderr }).toEqual({ code: 'SIGKILL', stderr: '' });
    await passed(copy);
    await expectUndisturbed(copy);
  });

  test.each<[Step, number]>([
    ['matches', 2],
    ['alerts', 1],
    ['checkpoint', 2],
  ])('in a pass over what is new, before it writes %s, time %i', async (step, nth) => {
    const copy = await copyOf(EVENTS.slice(0, HALF));
    corners.push(copy);
    await passed(copy);
    await put(copy, EVENTS.slice(HALF), new Date().toISOString());
    await killed(copy, step, nth);
    await passed(copy);
    await expectUndisturbed(copy);
  });

  test('again and again', async () => {
    const copy = await copyOf(EVENTS);
    corners.push(copy);
    for (const step of ['tags', 'alerts', 'incidents', 'matches'] as const) await killed(copy, step, 1);
    await passed(copy);
    await expectUndisturbed(copy);
  });
});

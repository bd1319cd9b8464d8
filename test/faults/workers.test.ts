import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { serverTime } from '../../src/elastic/clock.ts';
import { type Ended, ROOT, type Started } from '../support/cli.ts';
import {
  type Contents,
  EVENTS,
  expectSame,
  inAnyOrder,
  passed,
  put,
  renew,
  settledCopy,
} from '../support/faults/copies.ts';
import { start } from '../support/faults/kills.ts';
import { at, type Corner } from '../support/worker.ts';

const HALF = EVENTS.length / 2;
const HOUR = 3_600_000;
const MINUTE = 60_000;

let copy: Corner;
let undisturbed: Contents;
beforeAll(async () => {
  ({ copy, undisturbed } = await settledCopy());
});
beforeEach(() => renew(copy));
afterAll(() => copy.close());

/** Codes of the errors a worker process ended with. */
function errorsOf({ code, stdout, stderr }: Ended): readonly string[] {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { errors: string[] }).errors;
}

/** Everything but the units, as often as it was written. */
async function versions(): Promise<unknown> {
  const all = await Promise.all([copy.events(), copy.matches(), copy.incidents(), copy.alerts()]);
  return all.flat().map(({ index, id, version, seqNo }) => [index, id, version, seqNo]);
}

test('two and three workers that begin at once: each unit is one worker’s, and nothing is doubled', async () => {
  for (const workers of [2, 3]) {
    await renew(copy);
    const ended = await Promise.all(Array.from({ length: workers }, () => start(copy).ended));
    // One that waited in vain says so, and its next run finds nothing left to do.
    for (const one of ended) expect(errorsOf(one).filter((code) => code !== 'unit_leased')).toEqual([]);
    await passed(copy);
    await expectSame(copy, undisturbed, inAnyOrder);
  }
});

/** Resolves once a process stands still, as SIGSTOP leaves it. */
async function stopped({ child: { pid } }: Started): Promise<void> {
  while (!/^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) await sleep(20);
}

describe('a worker that is paused past its lease', () => {
  test.each([
    ['matches', '1'],
    ['incidents', '1'],
    ['alerts', '1'],
    ['tags', '1'],
    ['checkpoint', '1'],
  ])('before it writes %s: another takes over, and it writes no more', async (...step) => {
    const paused = start(copy, undefined, [...step, 'SIGSTOP']);
    await stopped(paused);
    await passed(copy);
    await expectSame(copy, undisturbed);
    const before = await versions();
    paused.child.kill('SIGCONT');
    expect(errorsOf(await paused.ended)).toContain('lease_lost');
    expect(await versions()).toEqual(before);
  });
});

describe('a worker whose clock is wrong', () => {
  const PRELOAD = `--disable-warning=ExperimentalWarning --import ${join(ROOT, 'test/support/faults/shift-clock.ts')}`;

  function shifted(hours: number): Promise<Ended> {
    return start(copy, undefined, [], { NODE_OPTIONS: PRELOAD, CLOCK_SHIFT: String(hours * HOUR) }).ended;
  }

  test.each([
    [9, -9],
    [-9, 9],
    [24 * 400, -24 * 400],
  ])('by %i hours, and the next one’s by %i: Elasticsearch’s clock decides', async (first, second) => {
    await renew(copy, EVENTS.slice(0, HALF));
    expect(errorsOf(await shifted(first))).toEqual([]);
    await put(copy, EVENTS.slice(HALF), new Date().toISOString());
    expect(errorsOf(await shifted(second))).toEqual([]);
    await expectSame(copy, undisturbed);
    const now = await serverTime(copy.client);
    const checkpoints = (await copy.units()).map(({ source }) => source['checkpoint']);
    const written = [
      ...checkpoints,
      ...(await copy.events()).map(({ source }) => at(source, 'minecanary.tagged')),
      ...(await copy.alerts()).map(({ source }) => at(source, 'event.ingested')),
    ].filter((time) => typeof time === 'string');
    expect(written.length).toBeGreaterThan(50);
    for (const time of written) expect(Math.abs(Date.parse(time) - now)).toBeLessThan(2 * MINUTE);
  });
});

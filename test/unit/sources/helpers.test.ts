import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { ahead } from '../../../src/sources/ahead.ts';
import { omit } from '../../../src/sources/omit.ts';

function failingAtOne(item: number): Promise<number> {
  return item === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(item);
}

describe('ahead', () => {
  test('gives what comes of each in order, with no more at once than asked', async () => {
    let running = 0;
    let most = 0;
    const work = async (item: number): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      await sleep(item % 3);
      running -= 1;
      return item * 2;
    };
    const items = Array.from({ length: 20 }, (_, i) => i);
    const done: (readonly [number, number])[] = [];
    for await (const one of ahead(items, 4, work)) done.push(one);
    expect(done).toEqual(items.map((item) => [item, item * 2]));
    expect(most).toBe(4);
  });

  test('raises a failure in its turn, and what was done before counts', async () => {
    const done: number[] = [];
    const reading = async (): Promise<void> => {
      for await (const [item] of ahead([0, 1, 2], 3, failingAtOne)) done.push(item);
    };
    await expect(reading()).rejects.toThrow('gone');
    expect(done).toEqual([0]);
  });
});

describe('omit', () => {
  const PATH = ['event.original'];
  test.each([
    [{ event: { original: 'x', kind: 'event' } }, { event: { kind: 'event' } }],
    [{ 'event.original': 'x', a: 1 }, { a: 1 }],
    [{ event: [{ original: 'x' }, { kind: 'k' }] }, { event: [{}, { kind: 'k' }] }],
    [{ event: 'text' }, { event: 'text' }],
    [
      { event: null, original: 1 },
      { event: null, original: 1 },
    ],
  ])('%j', (event, expected) => {
    const before = structuredClone(event);
    expect(omit(event, PATH)).toEqual(expected);
    expect(event).toEqual(before);
  });

  test('gives the event itself where nothing is left out', () => {
    const event = { a: { b: 1 } };
    expect(omit(event, [])).toBe(event);
    expect(omit(event, PATH)).toBe(event);
  });
});

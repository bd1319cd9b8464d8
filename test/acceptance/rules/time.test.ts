import { expect, test } from '@jest/globals';
import { UNDATED } from '../../../src/model/incident.ts';
import { DAY_MS, dayOf } from '../../../src/model/time.ts';
import { describeReal, placeOf } from '../real-events.ts';
import { lookWith, readAll } from './every.ts';
import { textsOf, timeOf } from './plain.ts';

const RETENTION = 400 * DAY_MS;

function dayIn(time: number, now: number): string {
  return dayOf(time, { now, retention: RETENTION });
}

describeReal('the time of real events', (data) => {
  const events = readAll(data);
  const look = lookWith();
  const sources = [...events.keys()];
  const all = sources.flatMap((source) => events.get(source) ?? []);
  // An exporter whose clock was never set tells of 1970.
  const dated = all.flatMap((one) => {
    const time = timeOf(one.event);
    return time === undefined || time < 1000 * DAY_MS ? [] : [{ one, time }];
  });

  test.each(sources)('%s: is the earliest of the timestamp, else of what stands for it', (source) => {
    const seen = (events.get(source) ?? []).map(look);
    const wrong = seen.filter(({ one, time }) => time !== timeOf(one.event));
    expect(wrong.map(({ place, time, one }) => `${place}: ${time}, not ${timeOf(one.event)}`)).toEqual([]);
  });

  test('some stand in no timestamp, in another zone, or finer than a millisecond', () => {
    const stamps = all.map(({ event }) => textsOf(event, ['@timestamp']));
    expect(all.filter(({ event }, i) => stamps[i]?.length === 0 && timeOf(event) !== undefined)).not.toEqual([]);
    expect(stamps.flat().some((text) => /[+-]\d\d:?\d\d$/.test(text) && !/[+-]00:?00$/.test(text))).toBe(true);
    expect(stamps.flat().some((text) => /\.\d{4,}/.test(text))).toBe(true);
  });

  test('an event without a time has none, and its day is unknown', () => {
    const undated = all.filter(({ event }) => timeOf(event) === undefined);
    expect(undated.length).toBeGreaterThan(0);
    for (const one of undated) {
      const { time } = look(one);
      expect([placeOf(one), time]).toEqual([placeOf(one), undefined]);
      expect(dayOf(time, { now: Date.now(), retention: RETENTION })).toBe(UNDATED);
    }
  });

  test('the day is that of UTC, and none where the time is out of the retention', () => {
    expect(dated.length).toBeGreaterThan(0);
    for (const { one, time } of dated) {
      const day = new Date(time).toISOString().slice(0, 10);
      const read = look(one).time ?? Number.NaN;
      expect([placeOf(one), dayIn(read, time)]).toEqual([placeOf(one), day]);
      expect(dayIn(read, time + RETENTION + 1)).toBe(UNDATED);
      expect(dayIn(read, time - DAY_MS - 1)).toBe(UNDATED);
    }
  });

  test.each<[string, (seconds: number) => unknown]>([
    ['a number', (seconds) => seconds],
    ['text', String],
    ['fractional', (seconds) => seconds + 0.25],
  ])('written as seconds since 1970, as %s, it is never a day of its own', (_what, spelt) => {
    for (const { one, time } of dated) {
      const seconds = Math.floor(time / 1000);
      const { time: read } = look({ ...one, event: { ...one.event, '@timestamp': spelt(seconds) } });
      expect([placeOf(one), dayOf(read, { now: time, retention: RETENTION })]).toEqual([placeOf(one), UNDATED]);
    }
  });

  test.each<[string, (time: number) => unknown]>([
    ['a number', (time) => time],
    ['text', String],
    ['the earliest of an array', (time) => [new Date(time + 1).toISOString(), time, 'yesterday']],
  ])('written as milliseconds since 1970, as %s, it is the same', (_what, spelt) => {
    for (const { one, time } of dated) {
      const { time: read } = look({ ...one, event: { ...one.event, '@timestamp': spelt(time) } });
      expect([placeOf(one), read]).toEqual([placeOf(one), time]);
    }
  });
});

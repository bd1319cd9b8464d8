import type { Explanation } from '../../matcher/explain.ts';
import type { EventDocument } from '../../model/event.ts';
import { indicatorName } from '../../model/indicator.ts';
import type { NearMissFacts, ReportedMiss } from '../facts.ts';
import { clip } from '../text.ts';

/** Characters of a line: what is longer is not kept to be looked at. */
const LONGEST = 65_536;
const MOST_SHOWN = 30;
/** Distinct near misses that are told apart. */
const MOST_TOLD_APART = 10_000;
const LONGEST_VALUE = 256;

/** A few of any number of events, spread evenly over them, the same ones each time. */
export interface Sample {
  /** @param length characters of the event as it was read. */
  add(event: EventDocument, length: number): void;
  events(): readonly EventDocument[];
  /** How many were offered. */
  count(): number;
}

/** @param most events that are kept at any time; at the end at least half as many, where there were enough. */
export function createSample(most: number): Sample {
  let kept: EventDocument[] = [];
  let stride = 1;
  let count = 0;
  return {
    add(event, length) {
      count += 1;
      if ((count - 1) % stride !== 0 || length > LONGEST) return;
      if (kept.length === most) {
        kept = kept.filter((_, i) => i % 2 === 0);
        stride *= 2;
        if ((count - 1) % stride !== 0) return;
      }
      kept.push(event);
    },
    events: () => kept,
    count: () => count,
  };
}

/** What is close to a match in the events of a sample. */
export function nearMissesIn(
  sample: Sample,
  explain: (event: EventDocument) => Pick<Explanation, 'near_misses' | 'left_out'>,
): NearMissFacts {
  const found = new Map<string, ReportedMiss>();
  let beyond = 0;
  for (const event of sample.events()) {
    const explanation = explain(event);
    beyond += explanation.left_out;
    const inEvent = new Set<string>();
    for (const { reason, value, field, indicator, why } of explanation.near_misses) {
      const name = indicator === undefined ? undefined : indicatorName(indicator);
      const key = JSON.stringify([reason, value, field, name, indicator?.lookup]);
      if (inEvent.has(key)) continue;
      inEvent.add(key);
      const known = found.get(key);
      if (known === undefined && found.size >= MOST_TOLD_APART) {
        beyond += 1;
        continue;
      }
      found.set(key, {
        reason,
        value: clip(value, LONGEST_VALUE),
        field: clip(field, LONGEST_VALUE),
        ...(name === undefined ? {} : { indicator: clip(name, LONGEST_VALUE) }),
        ...(indicator === undefined ? {} : { lookup: clip(indicator.lookup, LONGEST_VALUE) }),
        why: clip(why, LONGEST_VALUE),
        events: (known?.events ?? 0) + 1,
      });
    }
  }
  const shown = [...found.values()].sort(nearestFirst).slice(0, MOST_SHOWN);
  const left = found.size - shown.length + beyond;
  return { looked: true, events: sample.events().length, of: sample.count(), found: shown, left_out: left };
}

/** A value that can't be read is the farthest from a match. */
function nearestFirst(a: ReportedMiss, b: ReportedMiss): number {
  const [one, other] = [a, b].map(({ indicator }) => (indicator === undefined ? 1 : 0));
  return (one ?? 0) - (other ?? 0) || b.events - a.events || (a.value < b.value ? -1 : 1);
}

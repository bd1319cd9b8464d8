import { application } from './application.ts';
import { dns } from './dns.ts';
import { firewall } from './firewall.ts';
import { ids } from './ids.ts';
import { loadBalancer } from './load-balancer.ts';
import { netflow } from './netflow.ts';
import { createRandom, type Random, seedOf } from './prng.ts';
import { proxy } from './proxy.ts';
import { sysmon } from './sysmon.ts';
import { type DataSource, type Draft, type Moment, type SampleEvent, type SourceSample, STORIES } from './types.ts';
import { windowsSecurity } from './windows-security.ts';

export type { DataSource, Expectation, SampleEvent } from './types.ts';

/** In the order in which a story shows in them: the question, the process, the connection. */
export const SOURCE_SAMPLES: readonly SourceSample[] = [
  dns,
  sysmon,
  windowsSecurity,
  application,
  proxy,
  firewall,
  netflow,
  ids,
  loadBalancer,
];
export const DATA_SOURCES: readonly DataSource[] = SOURCE_SAMPLES.map(({ source }) => source);

export interface SampleOptions {
  /** Any whole number. Same options, same events. */
  readonly seed: number;
  /** Events happen, and arrive, before it. */
  readonly end: Date;
  /** Milliseconds; default 24 hours. Events happen in [end - span, end). */
  readonly span?: number;
  /** Events of each data source; default 1,000. */
  readonly perSource?: number;
  /** Share of events with mining evidence, 0 to 1; default 0.015, which shows every shape of every story. */
  readonly miningShare?: number;
}

const DAY = 86_400_000;
/** One event in so many resembles mining and is benign. */
const LOOK_ALIKE_EVERY = 25;
/** Most events arrive within so many milliseconds. */
const ARRIVAL = 30_000;

/**
 * Events of a small company, all data sources side by side, in order of time but for what lies within one
 * `span / perSource`. Holds none of them: any number can be asked for.
 */
export function* sampleEvents(options: SampleOptions): Generator<SampleEvent> {
  const { seed, end, span = DAY, perSource = 1_000, miningShare = 0.015 } = options;
  const streams = SOURCE_SAMPLES.map((sample) => ({ sample, random: createRandom(seedOf(seed, sample.source)) }));
  const phase = createRandom(seedOf(seed, 'stories')).next();
  const slot = span / perSource;
  const latest = end.getTime() - 1;
  for (let number = 0; number < perSource; number++) {
    const told = Math.floor(number * miningShare + phase);
    const mining = Math.floor((number + 1) * miningShare + phase) > told;
    for (const [order, { sample, random }] of streams.entries()) {
      const within = mining ? (order + random.next()) / streams.length : random.next();
      const time = Math.min(Math.floor(end.getTime() - span + (number + within) * slot), latest);
      const moment = momentOf(random, time, sample.ingested, latest);
      const { index, document, expected, lookAlike } = mining
        ? story(sample, told, moment)
        : other(sample, number, moment);
      const id = `${sample.source}-${seed}-${number}`;
      yield { source: sample.source, index, id, document, expected, lookAlike };
    }
  }
}

function momentOf(random: Random, time: number, arrives: boolean, latest: number): Moment {
  const arrival = Math.min(time + 200 + random.below(ARRIVAL), latest);
  return {
    random,
    time,
    timestamp: new Date(time).toISOString(),
    ingested: arrives ? new Date(arrival).toISOString() : undefined,
  };
}

/** Stories take turns; each time one comes up, a source tells it by its next shape. */
function story(sample: SourceSample, told: number, moment: Moment): Draft {
  const name = STORIES[told % STORIES.length] as (typeof STORIES)[number];
  return turn(sample.mining[name], Math.floor(told / STORIES.length))(moment);
}

function other({ benign, lookAlikes }: SourceSample, number: number, moment: Moment): Draft {
  if (number % LOOK_ALIKE_EVERY === LOOK_ALIKE_EVERY - 1) {
    return turn(lookAlikes, Math.floor(number / LOOK_ALIKE_EVERY))(moment);
  }
  return moment.random.pick(benign)(moment);
}

function turn<T>(list: readonly T[], count: number): T {
  return list[count % list.length] as T;
}

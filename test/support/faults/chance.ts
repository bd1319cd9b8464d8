/** Which requests meet which fault: chosen by a seed, for each endpoint by itself. */
import type { Random } from '../sample/prng.ts';
import { type Asked, type Fault, faultsOf } from './proxy.ts';
import { randomOf } from './round.ts';

/** Requests in a row that meet one fault when it lasts: more than the client tries. */
const LASTS = 5;
const UNAVAILABLE_LASTS = 13;
const UNAVAILABLE: readonly Fault[] = ['502', '503'];

export interface ChanceOptions {
  /** Share of the requests that a fault begins with, 0 to 1. */
  readonly share: number;
  /** Share of the faults that last. */
  readonly lasting: number;
  /** The faults to choose from, of those a request can meet. */
  readonly only?: readonly Fault[];
}

/** @param test names the choices: the same in each run with the same seed, as far as requests come in the same order. */
export function faultsByChance(
  test: string,
  { share, lasting, only }: ChanceOptions,
): (asked: Asked) => Fault | undefined {
  const streams = new Map<string, { random: Random; fault?: Fault | undefined; left: number }>();
  return (asked) => {
    const endpoint = asked.line.split('/').at(-1) ?? '';
    const stream = streams.get(endpoint) ?? { random: randomOf(`${test} ${endpoint}`), left: 0 };
    streams.set(endpoint, stream);
    const possible = faultsOf(asked).filter((fault) => only === undefined || only.includes(fault));
    const { random } = stream;
    if (stream.left > 0 && stream.fault !== undefined && possible.includes(stream.fault)) {
      stream.left -= 1;
      return stream.fault;
    }
    if (possible.length === 0 || !random.chance(share)) return undefined;
    stream.fault = random.pick(possible);
    const most = UNAVAILABLE.includes(stream.fault) ? UNAVAILABLE_LASTS : LASTS;
    stream.left = random.chance(lasting) ? most - 1 : 0;
    return stream.fault;
  };
}

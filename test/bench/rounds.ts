/** Two sides measured in turn, so that a machine whose speed drifts is the same for both. */
export interface Sides {
  readonly ours: number;
  readonly theirs: number;
  /** Median over the rounds of ours divided by theirs. */
  readonly ratio: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/** Milliseconds of each side: one round to warm up, then `rounds` that count; medians. */
export async function alternate(
  rounds: number,
  ours: () => Promise<number> | number,
  theirs: () => Promise<number> | number,
): Promise<Sides> {
  await ours();
  await theirs();
  const times: [number, number][] = [];
  for (let i = 0; i < rounds; i += 1) times.push([await ours(), await theirs()]);
  return sidesOf(times);
}

/** @param times milliseconds of both sides, round by round. */
export function sidesOf(times: readonly (readonly [ours: number, theirs: number])[]): Sides {
  return {
    ours: median(times.map(([one]) => one)),
    theirs: median(times.map(([, other]) => other)),
    ratio: median(times.map(([one, other]) => one / other)),
  };
}

export function timed(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

export async function timedAsync(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** One line of the report: what, both sides, ratio. */
export function report(what: string, { ours, theirs, ratio }: Sides, unit: (milliseconds: number) => string): void {
  console.log(
    `${what.padEnd(66)} ${unit(ours).padStart(12)} ${unit(theirs).padStart(12)} ${ratio.toFixed(2).padStart(7)}`,
  );
}

import { markdownTable, percent } from '../markdown.ts';
import { COMPOSED, type Judged } from '../real-events.ts';

/** What Sigma says of an event. */
export interface Catches {
  readonly byMining: (event: Judged) => boolean;
  /** By the rules that only mention mining. */
  readonly byOthers: (event: Judged) => boolean;
}

const TITLES = ['source', 'mining', 'minecanary', 'Sigma', 'benign', 'minecanary', 'Sigma', 'Sigma, other rules'];

function isFound({ tagged }: Judged): boolean {
  return tagged !== undefined;
}

function share(some: readonly Judged[], by: (event: Judged) => boolean): string {
  const caught = some.filter(by).length;
  return caught === 0 ? '0' : `${caught} (${percent(caught, some.length, 1)})`;
}

function countsOf(judged: readonly Judged[], { byMining, byOthers }: Catches): (string | number)[] {
  const [mining, benign] = ['mining', 'benign'].map((label) => judged.filter((one) => one.label === label));
  return [mining ?? [], benign ?? []]
    .flatMap((some) => [some.length, share(some, isFound), share(some, byMining)])
    .concat(judged.filter(byOthers).length);
}

/** minecanary and Sigma beside one another: events caught, by source. */
export function sigmaTable(judged: readonly Judged[], catches: Catches): string {
  const bySource = Map.groupBy(judged, ({ source }) => source);
  const real = judged.filter(({ source }) => source !== COMPOSED);
  const rows = [...bySource].map(([source, some]) => [
    source === COMPOSED ? `${source} (not real traffic)` : source,
    ...countsOf(some, catches),
  ]);
  return markdownTable(TITLES, [...rows, ['**all real**', ...countsOf(real, catches)]]);
}

import type { LearnedTable } from '../lookups/learned.ts';
import { childOf, type PathNode, type Scalar } from './paths.ts';
import { createSpans, type Spans } from './prefilter-spans.ts';
import { DOUBT, hashOf, scalarEnd, stringEnd, type Walk } from './prefilter-tokens.ts';
import type { Planted, Sifter } from './sift.ts';

/** A place among the fields of events. */
export interface Spot {
  /** Distinct. */
  readonly id: number;
  /** Where a key leads from here, as it is spelled between its quotes. */
  readonly under: (walk: Walk, from: number, to: number) => Spot;
  /** Where the string or other scalar at `from` ends, before its closing quote; doubt also where it may lead to a match. */
  readonly stringEnd: (walk: Walk, from: number) => number;
  readonly scalarEnd: (walk: Walk, from: number) => number;
}

const MOST_KEYS = 2000;
const MOST_VALUES = 50_000;

/** Values that led nowhere, as they are spelled; of all fields of the same kinds. */
interface Memory {
  readonly strings: Spans<true>;
  readonly scalars: Spans<true>;
}

/** Where nothing is read, and nothing under it. */
const NOWHERE: Spot = {
  id: 0,
  under: () => NOWHERE,
  stringEnd,
  scalarEnd: ({ bytes }, from) => scalarEnd(bytes, from),
};

/** @returns the place of the event as a whole. */
export function createSpots(sifter: Sifter, learned: LearnedTable): Spot {
  const spots = new Map<PathNode<Planted>, Spot>();
  const memories = new Map<string, Memory>();

  function memoryOf(planted: readonly Planted[]): Memory {
    const kinds = [...new Set(planted.map(({ kind }) => kind))].sort().join();
    let memory = memories.get(kinds);
    if (memory === undefined) {
      memory = {
        strings: createSpans(MOST_VALUES, { fixed: false }),
        scalars: createSpans(MOST_VALUES, { fixed: false }),
      };
      memories.set(kinds, memory);
    }
    return memory;
  }
  function spotOf(node: PathNode<Planted>): Spot {
    const known = spots.get(node);
    if (known !== undefined) return known;
    const { planted, children } = node;
    const mayLead = (value: Scalar): boolean => sifter.mayLead(planted, value, learned);
    const spot: Spot = {
      id: spots.size + 1,
      under:
        children.size === 0
          ? NOWHERE.under
          : createKeys((key) => {
              const child = childOf(node, key);
              // An event that is wrapped as exports have it lies under this key; else its value is not read.
              if (child === undefined && node === sifter.fields && key === '_source') return spot;
              return child === undefined ? NOWHERE : spotOf(child);
            }),
      ...(planted.length === 0
        ? { stringEnd, scalarEnd: NOWHERE.scalarEnd }
        : createValues(memoryOf(planted), mayLead)),
    };
    spots.set(node, spot);
    return spot;
  }
  return spotOf(sifter.fields);
}

function createKeys(spotUnder: (key: string) => Spot): Spot['under'] {
  const known = createSpans<Spot>(MOST_KEYS, { fixed: true });
  return (walk, from, to) => {
    const hash = hashOf(walk, from, to);
    let spot = known.find(walk, from, to, hash);
    if (spot === undefined) {
      spot = spotUnder(JSON.parse(walk.bytes.toString('utf8', from - 1, to + 1)) as string);
      known.add(walk, from, to, hash, spot);
    }
    return spot;
  };
}

function createValues(
  { strings, scalars }: Memory,
  mayLead: (value: Scalar) => boolean,
): Pick<Spot, 'stringEnd' | 'scalarEnd'> {
  return {
    stringEnd(walk, from) {
      const end = stringEnd(walk, from);
      if (end === DOUBT) return DOUBT;
      const hash = hashOf(walk, from, end);
      if (strings.find(walk, from, end, hash) === true) return end;
      const { bytes, escaped } = walk;
      const text = escaped
        ? (JSON.parse(bytes.toString('utf8', from - 1, end + 1)) as string)
        : bytes.toString('utf8', from, end);
      if (mayLead(text)) return DOUBT;
      strings.add(walk, from, end, hash, true);
      return end;
    },
    scalarEnd(walk, from) {
      const { bytes } = walk;
      const end = scalarEnd(bytes, from);
      if (end === DOUBT) return DOUBT;
      const hash = hashOf(walk, from, end);
      if (scalars.find(walk, from, end, hash) === true) return end;
      const value = JSON.parse(bytes.toString('latin1', from, end)) as Scalar | null;
      if (value !== null && mayLead(value)) return DOUBT;
      scalars.add(walk, from, end, hash, true);
      return end;
    },
  };
}

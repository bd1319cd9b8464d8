import type { Window } from './source.ts';

/** A window of less than this is not split. */
const SHORTEST_MS = 1000;

/**
 * A window as two, of which every document of it is in exactly one; undefined where it is too short, or has no length.
 * What arrived before the window, and is reached by its overlap, goes with the first.
 */
export function halvesOf(window: Window): readonly [Window, Window] | undefined {
  if (window.by === 'rest') return undefined;
  const { from, to } = window.range;
  if (to - from <= SHORTEST_MS) return undefined;
  const middle = Math.floor((from + to) / 2);
  const [first, second] = [
    { from, to: middle },
    { from: middle, to },
  ];
  if (window.by === 'timestamp')
    return [
      { ...window, range: first },
      { ...window, range: second },
    ];
  return [
    { ...window, range: first },
    { ...window, range: second, overlap: 0 },
  ];
}

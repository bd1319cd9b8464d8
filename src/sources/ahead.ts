/**
 * Does work on each item, some at once, and gives what comes of it in the order of the items. Where one fails, or
 * nobody asks for more, what has begun is left to end by itself.
 */
export async function* ahead<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<readonly [T, R]> {
  const begun: Promise<R>[] = [];
  const begin = (item: T | undefined): void => {
    if (item === undefined) return;
    const promise = work(item);
    // It is told of when its turn comes.
    promise.catch(() => undefined);
    begun.push(promise);
  };
  items.slice(0, atOnce).forEach(begin);
  for (const [i, item] of items.entries()) {
    const done = (await begun[i]) as R;
    begin(items[i + atOnce]);
    yield [item, done];
  }
}

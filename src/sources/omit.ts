/**
 * An event without what stands at some paths, however they are spelled: nested, dotted or mixed, across arrays. What is
 * left out of is copied; the event itself stays.
 */
export function omit<T extends object>(event: T, paths: readonly string[]): T {
  return paths.reduce((left, path) => without(left, path.split('.')) as T, event);
}

function without(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, path));
  if (value === null || typeof value !== 'object') return value;
  const object = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (let length = 1; length <= path.length; length += 1) {
    const key = path.slice(0, length).join('.');
    if (!Object.hasOwn(object, key)) continue;
    copy ??= { ...object };
    if (length === path.length) delete copy[key];
    else copy[key] = without(object[key], path.slice(length));
  }
  return copy ?? value;
}

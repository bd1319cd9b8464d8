/** All values of a field, whatever the spelling of its name and however deep in arrays. */
export function valuesOf(value: unknown, field: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((element) => valuesOf(element, field));
  if (field === '') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === field) return valuesOf(inner, '');
    return field.startsWith(`${key}.`) ? valuesOf(inner, field.slice(key.length + 1)) : [];
  });
}

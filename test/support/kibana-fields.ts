/** Fields of a mapping's properties, by their paths. */
export function fieldsOf(properties: object, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, field]) =>
    'properties' in field ? fieldsOf(field.properties as object, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

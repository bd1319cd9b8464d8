/** A text as ES|QL writes it, in quotes. */
export function esqlText(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `"${text.replaceAll(/[\\"\n\r\t]/g, (character) => escapes[character] ?? character)}"`;
}

/** The text with what is a wildcard or an escape for LIKE taken as itself. */
export function likeLiteral(text: string): string {
  return text.replaceAll(/[\\*?]/g, '\\$&');
}

/** A pattern of LIKE for a text in lower case in which `*` stands for any text; there `?` is a wildcard too. */
export function likeGlob(glob: string, extent: 'anywhere' | 'whole'): string {
  const inner = glob.toLowerCase().split('*').map(likeLiteral).join('*');
  return extent === 'whole' ? inner : `*${inner}*`.replace(/^\*+/, '*').replace(/\*+$/, '*');
}

/** `field LIKE ("a", "b")`, a pattern a line. */
export function like(field: string, patterns: readonly string[], indent: string): string {
  return `${field} LIKE (\n${patterns.map((pattern) => `${indent}  ${esqlText(pattern)}`).join(',\n')}\n${indent})`;
}

/** `"a", "b"` */
export function esqlList(values: readonly string[]): string {
  return values.map(esqlText).join(', ');
}

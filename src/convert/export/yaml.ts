/**
 * A YAML scalar in double quotes that every YAML 1.1 and 1.2 reader takes for this text and nothing else: no number, no
 * `yes`, no tag, no line break. All but printable ASCII is escaped.
 */
export function quoted(text: string): string {
  let written = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') written += `\\${character}`;
    else if (code >= 0x20 && code < 0x7f) written += character;
    else if (code < 0x100) written += `\\x${code.toString(16).padStart(2, '0')}`;
    // No YAML reader takes half of a surrogate pair.
    else if (code >= 0xd800 && code < 0xe000) written += '\\uFFFD';
    else if (code < 0x10000) written += `\\u${code.toString(16).padStart(4, '0')}`;
    else written += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return `${written}"`;
}

export type YamlValue = string | number | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** Lines of block YAML; all texts are quoted, and so are keys of more than small letters. Lists and maps are not empty. */
export function yamlLines(value: YamlValue): string[] {
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string') return [quoted(value)];
  if (isList(value)) {
    return value.flatMap((item) => yamlLines(item).map((line, i) => `${i === 0 ? '-' : ' '} ${line}`));
  }
  return Object.entries(value).flatMap(([key, item]) => {
    const name = `${/^[a-z_]+$/.test(key) ? key : quoted(key)}:`;
    const lines = yamlLines(item);
    return typeof item === 'object' ? [name, ...lines.map((line) => `  ${line}`)] : [`${name} ${lines.join('')}`];
  });
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

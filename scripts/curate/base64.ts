/** How many letters of the code depend on what stands before the text, by its place in a group of three bytes. */
const HEAD = [0, 2, 3] as const;

/**
 * The three codes that a text has within a longer one, by where it begins in a group of three bytes; only letters that
 * depend on nothing but the text.
 *
 * @param encoding `utf16le` is what PowerShell's -EncodedCommand takes.
 */
export function base64Forms(text: string, encoding: 'utf8' | 'utf16le'): string[] {
  const bytes = Buffer.from(text, encoding);
  return HEAD.map((head, before) => {
    const code = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The last letter takes in bits of what follows, unless the text ends with a group.
    const end = (before + bytes.length) % 3 === 0 ? code.length : code.length - 1;
    return code.slice(head, end);
  });
}

/** A text in Sigma's words that stands for itself: backslash and wildcards are escaped. */
export function sigmaLiteral(text: string): string {
  return text.replaceAll(/[\\*?]/g, '\\$&');
}

/** A text in which `*` stands for any text, as in Sigma; there `?` is a wildcard too. */
export function sigmaGlob(glob: string): string {
  return glob.split('*').map(sigmaLiteral).join('*');
}

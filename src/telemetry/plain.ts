/** Control characters, line separators, and the marks that turn the direction of text. */
const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Text that stays on its line and can't steer a terminal. */
export function plainText(text: string): string {
  return text.replace(CONTROL, ' ').trim();
}

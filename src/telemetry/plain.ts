/** Control characters, line separators, and the marks that turn the direction of text. */
const CONTROL = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
/** The same one by one, but for the ends of lines. */
const WITHIN_LINES = /(?!\r?\n)[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text that stays on its line and can't steer a terminal. */
export function plainText(text: string): string {
  return text.replace(CONTROL, ' ').trim();
}

/** Lines, or JSON, that can't steer a terminal: `\u001b` stands for what could. JSON means the same as before. */
export function plainLines(text: string): string {
  return text.replace(WITHIN_LINES, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Characters of a text from outside that a report keeps. */
const LONGEST = 1024;

/** A text from outside, cut to what a report keeps; a cut one ends in `…`. */
export function clip(text: string, longest = LONGEST): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

import { type ComponentChild, h } from 'preact';
import { clip } from '../text.ts';

/** Characters of a text from outside that the page shows. */
const LONGEST = 300;

/** Control and format characters, line separators: what can't be seen, or turns the direction of what can. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text from outside as it can be shown: cut, well-formed, and with what can't be seen made visible: `‹202E›`.
 * Never empty.
 */
export function shown(text: string, longest = LONGEST): string {
  if (text === '') return '‹empty›';
  return clip(text, longest)
    .toWellFormed()
    .replace(UNSEEN, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `‹${code.toString(16).toUpperCase().padStart(4, '0')}›`;
    });
}

/** The same as an element of its own direction: right-to-left text moves nothing beside it. */
export function Outside({ text, longest }: { readonly text: string; readonly longest?: number }): ComponentChild {
  return h('bdi', null, shown(text, longest));
}

const NUMBER = new Intl.NumberFormat('en');

/** `12,345` */
export function number(count: number): string {
  return NUMBER.format(count);
}

/** `1 incident`, `1,200 incidents` */
export function several(count: number, singular: string, plural = `${singular}s`): string {
  return `${number(count)} ${count === 1 ? singular : plural}`;
}

/** Texts as people list them: `a, b and c`. */
export function listing(texts: readonly string[]): string {
  if (texts.length <= 1) return texts.join('');
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** `2026-11-24 08:12` of an ISO time. */
export function minute(time: string): string {
  return shown(time.slice(0, 16).replace('T', ' '));
}

/** `08:12`, `08:12–11:40` of two ISO times. */
export function span(first: string | undefined, last: string | undefined): string {
  if (first === undefined || last === undefined) return '';
  const [from, to] = [first.slice(11, 16), last.slice(11, 16)];
  return shown(from === to ? from : `${from}–${to}`);
}

/** Text of our own in which code stands between backticks. */
export function plainCode(text: string): ComponentChild {
  return clip(text)
    .split('`')
    .map((part, i) => (i % 2 === 1 ? h('code', null, shown(part)) : part === '' ? '' : shown(part)));
}

import { type ComponentChild, h } from 'preact';

/** A table that scrolls by itself where it is wider than the page, also by keyboard. */
export function ScrollTable({
  label,
  children,
}: {
  readonly label: string;
  readonly children?: ComponentChild | ComponentChild[];
}): ComponentChild {
  return h('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, h('table', null, children));
}

/** The titles of a table: of texts, of numbers to the right, and of texts again. */
export function headOf(
  texts: readonly string[],
  numbers: readonly string[] = [],
  rest: readonly string[] = [],
): ComponentChild {
  return h(
    'thead',
    null,
    h(
      'tr',
      null,
      texts.map((text) => h('th', { scope: 'col' }, text)),
      numbers.map((text) => h('th', { scope: 'col', class: 'right' }, text)),
      rest.map((text) => h('th', { scope: 'col' }, text)),
    ),
  );
}

import { parseAddress } from '../../lookups/address.ts';
import type { Draft } from './draft.ts';

/** Names every hosts file begins with. */
const BOILERPLATE = /^(localhost(\.localdomain)?|local|broadcasthost|ip6-[a-z]+|0\.0\.0\.0|\[?::\d?\]?)$/i;

/** One value a line; comments begin with `#`, `;`, `!` or `//`, also behind a value and a space. */
export function readPlain(text: string): Draft[] {
  return linesOf(text).map((value) => ({ value, type: undefined, labels: [value] }));
}

/** Lines of an address and the names it is given: the names are the values. */
export function readHosts(text: string): Draft[] {
  return linesOf(text).flatMap((line): Draft[] => {
    const [address = '', ...names] = line.split(/\s+/);
    if (parseAddress(address) === undefined || names.length === 0) {
      return BOILERPLATE.test(line) ? [] : [{ value: line, type: undefined, labels: [line] }];
    }
    return names
      .filter((name) => !BOILERPLATE.test(name))
      .map((value) => ({ value, type: 'domain' as const, labels: [value] }));
  });
}

function linesOf(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) =>
      line
        .replace(/^\s*(#|;|!|\/\/).*$/, '')
        .replace(/\s(#|;|\/\/).*$/, '')
        .trim(),
    )
    .filter((line) => line !== '');
}

import type { Feed } from '../../model/feed.ts';
import { readCsv } from './csv.ts';
import { type Draft, FormatFault } from './draft.ts';
import { readHosts, readPlain } from './lines.ts';
import { readMisp } from './misp.ts';
import { readStix } from './stix.ts';
import { readThreatfox } from './threatfox.ts';

/** How each format is read; a further format is one line here. */
const READ: Readonly<Record<Feed['format'], (text: string, feed: Feed) => Draft[]>> = {
  plain: readPlain,
  hosts: readHosts,
  csv: (text, { csv }) => readCsv(text, csv ?? { column: 1, delimiter: ',' }),
  misp: readMisp,
  stix: readStix,
  threatfox: readThreatfox,
};

/**
 * The values of a feed's text, in its order.
 *
 * @throws FormatFault where it is not in the feed's format.
 */
export function readFeed(text: string, feed: Feed): Draft[] {
  return READ[feed.format](text, feed);
}

/**
 * The text of a feed's body.
 *
 * @throws FormatFault where it is empty, no UTF-8, binary, or a web page.
 */
export function decodeBody(body: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new FormatFault('it is no UTF-8 text; packed files (.gz, .zip) and other encodings are not read');
  }
  if (text.trim() === '') throw new FormatFault('it is empty');
  if (text.includes('\u0000')) throw new FormatFault('it is no text');
  // No list begins so: a page of a portal, a login or an error.
  if (/^\s*</.test(text)) throw new FormatFault('a web page (HTML or XML) came instead of a list');
  return text;
}

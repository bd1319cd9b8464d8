/** How long evidence is kept, unless the configuration says otherwise. */
const KEPT = 'now-13M';

/** Text in quotes in a KQL query. */
function kqlText(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;
}

/** Text as Rison, which Kibana's addresses hold, writes it. */
function risonText(text: string): string {
  return `'${text.replaceAll(/[!']/g, '!$&')}'`;
}

/**
 * The address of a saved search in which a field has the value that Kibana puts in for `{{value}}`. Kibana encodes that
 * value for an address, and for nothing else: the field must be one whose values hold no quote and no backslash.
 *
 * @param search its id. It is relative to Kibana's applications, so that it holds under any base path.
 */
export function searchTemplate(search: string, field: string): string {
  const query = `${field} : ${kqlText(MARK)}`;
  const state = `(query:(language:kuery,query:${risonText(query)}))`;
  const address = `discover#/view/${search}?_g=(time:(from:${KEPT},to:now))&_a=${encodeURI(state)}`;
  return address.replace(MARK, '{{value}}');
}

/** Stands for the value while the address is made: nothing escapes it. */
const MARK = 'VALUE';

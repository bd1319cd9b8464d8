/** How long evidence is kept, unless the configuration says otherwise. */
const KEPT = 'now-13M';

/**
 * The address of a saved search, in which a field has the value that Kibana puts in for `{{value}}`. It is relative to
 * Kibana's applications, so that it holds under any base path.
 *
 * Kibana encodes the value for an address, and neither for KQL nor for Rison: an id with a quote, which neither
 * Elasticsearch nor minecanary makes, leads to a search that Discover can't read, and to nothing worse.
 */
export function searchTemplate(search: string, field: string): string {
  const [before, after] = [`(query:(language:kuery,query:'${field} : "`, `"'))`].map(encodeURI);
  return `discover#/view/${search}?_g=(time:(from:${KEPT},to:now))&_a=${before}{{value}}${after}`;
}

import { parse as parseHost } from 'tldts';
import shared from './shared-suffixes.json' with { type: 'json' };
import topSites from './top-sites.json' with { type: 'json' };

const SHARED: ReadonlySet<string> = new Set(shared.values);
const TOP_SITES: ReadonlySet<string> = new Set(topSites.values);

/**
 * What is wrong with a row that matches this name and all under it, in one sentence; undefined if nothing is. Where the
 * data is from, lookups/README.md tells.
 *
 * @param name in normal form.
 */
export function nameObjection(name: string): string | undefined {
  // The value is a name in normal form already; the strictness of tldts would refuse `a-.example.org`.
  const { domain } = parseHost(name, { allowPrivateDomains: true, validateHostname: false });
  const fault = suffixFault(name);
  if (domain === null) return `${name} is a public suffix and would match everybody's names under it`;
  if (fault !== undefined) return fault;
  if (SHARED.has(name)) return `${name} is shared by many, and would match the names of strangers under it`;
  const site = name.startsWith('www.') ? name.slice(4) : name;
  if (TOP_SITES.has(site)) return `${site} is one of the most visited sites: list the host below it that is meant`;
  return undefined;
}

/** What is wrong with a name that stands for itself alone: a top-level domain that does not exist. */
export function suffixFault(name: string): string | undefined {
  const { isIcann, publicSuffix } = parseHost(name, { validateHostname: false });
  return isIcann === false ? `${name} ends in .${publicSuffix}, and there is no such top-level domain` : undefined;
}

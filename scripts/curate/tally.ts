/** Each rule that takes something out of the published lists, in the order in which they are applied. */
export const RULES = {
  'not-plain': 'not a plain name, address or socket: a URL, or an adblock rule with a path, wildcard or condition',
  'no-host': 'a rule on paths that names no host: a path alone stands on any site',
  'title-search': "from a title search, not under the pool's own domain",
  'shared-suffix': 'a public suffix, or a suffix whose names belong to many (dynamic DNS, hosting, gateways)',
  'no-such-tld': 'the top-level domain does not exist',
  'not-mining': 'a well-known service, or a site of someone who does not mine (table with reasons)',
  peers: "twenty or more addresses on one port under one reference: peers of a coin's network, not pools",
  special: 'private, reserved, loopback or multicast address, or port out of range',
  'wrong-owner': "forged or parked DNS answers: somebody else's network (table with reasons)",
  'cdn-address': 'an address in a CDN range without a port',
  expired: 'an address whose expiry has passed on the day of the update',
  covered: 'a name under a listed parent of the same category and at least the same confidence',
} as const;

export type Rule = keyof typeof RULES;

/** Which distinct values each rule took out, in the order in which they were met. */
export type Tally = Readonly<Record<Rule, Set<string>>>;

export function newTally(): Tally {
  return Object.fromEntries(Object.keys(RULES).map((rule) => [rule, new Set<string>()])) as unknown as Tally;
}

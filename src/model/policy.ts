/** How ports on the client side are taken: `tag` as the article hunts, or `ignore`. */
export type ClientPorts = 'tag' | 'ignore';

/**
 * What the configuration decides about matching. All of it is data, so the matcher stays pure.
 */
export interface Policy {
  /** CIDRs. */
  readonly internal_networks: readonly string[];
  /** Addresses, CIDRs or host names that stand for many hosts: resolvers, proxies, NAT, jump hosts, load balancers. */
  readonly shared_hosts: readonly string[];
  readonly ports: { readonly client: ClientPorts };
  /** Name of the timestamp field of the events. */
  readonly timestamp: string;
  /** Catalogue field -> names under which the source holds it, besides its own. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Keeps equal private addresses of two sites apart; without it `data_stream.namespace` does. */
  readonly scope?: string;
}

export const DEFAULT_POLICY: Policy = {
  internal_networks: [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    'fc00::/7',
    '169.254.0.0/16',
    'fe80::/10',
    '127.0.0.0/8',
    '::1/128',
  ],
  shared_hosts: [],
  ports: { client: 'tag' },
  timestamp: '@timestamp',
  fields: {},
};

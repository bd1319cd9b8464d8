/**
 * The nouns of the curation: what the published lists say, before any of it becomes a row.
 */

/** `minecanary`: our own research, each value with the public page that tells of it. */
export type Origin = 'Sigma' | 'ET Open' | 'maltrail' | 'NoCoin' | 'minecanary';

/** What a list keeps together: a maltrail block, a Sigma rule, a whole hosts file. */
export interface Block {
  readonly origin: Origin;
  /** URLs the list gives for this block; the origin's own where it gives none. */
  readonly references: readonly string[];
  /** The page title by which the block was searched, where it is a title search. */
  readonly title?: string;
  /** Who is to be named beside a row from here. */
  readonly authors?: string;
  /** What the block says of all in it. */
  readonly about?: 'pools' | 'weak';
}

/** One value as one block lists it, in normal form (src/lookups): name, or address with or without port. */
export interface Claim {
  readonly kind: 'domain' | 'address';
  readonly value: string;
  readonly port?: number;
  readonly block: Block;
}

/** How a claim is shown and counted. */
export function claimName({ value, port }: Pick<Claim, 'value' | 'port'>): string {
  return port === undefined ? value : `${value}:${port}`;
}

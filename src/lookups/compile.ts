import { createHash } from 'node:crypto';
import type { Indicator, Kind } from '../model/indicator.ts';
import type { ExceptionRow } from '../schema/exceptions.ts';
import { compileExceptions, type Exceptions } from './compile-exceptions.ts';
import type { Lookup } from './parse.ts';
import { addressTable, socketTable } from './tables/address.ts';
import { domainTable } from './tables/domain.ts';
import { globTable } from './tables/glob.ts';
import { payloadTable } from './tables/payload.ts';
import { portTable } from './tables/port.ts';
import { processTable } from './tables/process.ts';
import type { Table } from './tables/table.ts';
import { urlTable } from './tables/url.ts';

/** How each kind's table is made; a further kind is one line here. */
const TABLE_OF: Readonly<Record<Kind, (indicators: readonly Indicator[]) => Table>> = {
  port: portTable,
  domain: domainTable,
  address: addressTable,
  socket: socketTable,
  url: urlTable,
  process: processTable,
  'command-line': (indicators) => globTable(indicators, 'anywhere'),
  'user-agent': (indicators) => globTable(indicators, 'whole'),
  signature: (indicators) => globTable(indicators, 'whole'),
  payload: payloadTable,
};
const KINDS = Object.keys(TABLE_OF) as Kind[];

/** The compiled lookups: what the matcher asks. */
export interface Tables {
  /** sha-256 (hex, 32 characters) over every indicator that counts: equal digests give equal matches. */
  readonly digest: string;
  readonly lookups: readonly Lookup[];
  readonly byKind: Readonly<Record<Kind, Table>>;
  /** What is not to count; they have a digest of their own. */
  readonly exceptions: Exceptions;
}

/**
 * Compiles lookups once, in the order of their names.
 *
 * @param today YYYY-MM-DD, UTC: indicators and exceptions that expired before it are left out.
 */
export function compile(lookups: readonly Lookup[], today: string, exceptions: readonly ExceptionRow[] = []): Tables {
  const ordered = [...lookups].sort((a, b) => (a.name < b.name ? -1 : 1));
  const live = new Map(KINDS.map((kind): [Kind, Indicator[]] => [kind, []]));
  const hash = createHash('sha256');
  for (const { indicators } of ordered) {
    for (const indicator of indicators) {
      if (indicator.expires !== undefined && indicator.expires < today) continue;
      live.get(indicator.kind)?.push(indicator);
      hash.update(JSON.stringify(Object.entries(indicator).sort(([a], [b]) => (a < b ? -1 : 1))));
    }
  }
  return {
    digest: hash.digest('hex').slice(0, 32),
    lookups: ordered,
    byKind: Object.fromEntries(KINDS.map((kind) => [kind, TABLE_OF[kind](live.get(kind) ?? [])])) as Tables['byKind'],
    exceptions: compileExceptions(exceptions, today),
  };
}

import type { Client } from '@elastic/elasticsearch';
import { isConflict, isMissing, sinkError } from '../elastic/errors.ts';
import { UNITS } from '../elastic/names.ts';
import type { Versioned } from '../elastic/versioned.ts';
import { isoTime } from '../model/time.ts';
import type { TimeRange } from '../sources/source.ts';
import type { Counts } from './outcome.ts';

/** `delivery` is no pass over a source: it posts alerts to the receiver that `source` names. */
export type PassName = 'incremental' | 'sweep' | 'retro-hunt' | 'range' | 'delivery';

/** What a unit remembers: a source and a range of time, how far it is settled, and what came of it. */
export interface UnitState {
  readonly source: string;
  readonly pass: PassName;
  /** ISO 8601, UTC; the range of the pass at hand, or of the last one. */
  readonly from?: string;
  readonly to?: string;
  /** Digest of the lookups, and of the exceptions, that the pass at hand goes by. */
  readonly lookups?: string;
  /** Documents that a part of the pass at hand holds at most; none while there is no pass. */
  readonly most?: number | undefined;
  /** Everything that arrived before it is settled. */
  readonly checkpoint?: string;
  /** Digest of the lookups, and of the exceptions, of the last completed pass. */
  readonly digest?: string;
  readonly counts?: Counts;
  /** Passes begun since one was completed. */
  readonly attempts: number;
  /** Why the last pass ended early; none once one is completed. */
  readonly reason?: string | undefined;
  /** When the pass at hand began, or the last one, by Elasticsearch's clock. */
  readonly started?: string;
  /** When the last pass that was completed began, by Elasticsearch's clock. */
  readonly completed?: string;
}

/** A unit as it is stored, or a part of the pass at hand over one, which any worker may take. */
export interface UnitDocument extends UnitState {
  readonly type: 'unit' | 'part';
  readonly version: string;
  readonly state: 'leased' | 'free';
  readonly lease?: { readonly owner: string; readonly ttl: number };
  /** The worker that had the lease last, or has it. */
  readonly worker?: string;
  /** Grows with each lease, so that writes of an earlier holder can be told. */
  readonly fence: number;
  readonly updated: string;
}

export type StoredUnit = Versioned<UnitDocument>;

type UnitKey = Pick<UnitState, 'source' | 'pass' | 'from' | 'to'>;

/** What can be leased: where it is stored, and how it begins. */
export interface Leasable {
  readonly id: string;
  readonly type: UnitDocument['type'];
  readonly key: UnitKey & Pick<UnitState, 'started'>;
}

export function unitOf(key: UnitKey): Leasable {
  return { id: unitId(key), type: 'unit', key };
}

/** A part of the pass that goes over a unit: another pass has other parts, whatever became of the unit in between. */
export function partOf(
  unit: Leasable['id'],
  pass: Pick<UnitDocument, 'fence' | keyof UnitKey | 'started'>,
  range: TimeRange,
): Leasable {
  const { source, pass: name, fence, started = '' } = pass;
  const [from, to] = [isoTime(range.from), isoTime(range.to)];
  const id = `part:${unit}#${fence}@${started}:${from}:${to}`;
  return { id, type: 'part', key: { source, pass: name, from, to, started } };
}

export function unitId({ source, pass, from, to }: UnitKey): string {
  return pass === 'range' ? `${pass}:${source}:${from}:${to}` : `${pass}:${source}`;
}

/** The state of a unit as it is stored; undefined where there is none yet. */
export async function readUnit(client: Client, key: UnitKey): Promise<UnitDocument | undefined> {
  return (await readStored(client, unitId(key)))?.document;
}

export async function readStored(client: Client, id: string): Promise<StoredUnit | undefined> {
  try {
    const found = await client.get<UnitDocument>({ index: UNITS, id });
    const { _source: document, _seq_no: seqNo = -1, _primary_term: primaryTerm = -1 } = found;
    return document === undefined ? undefined : { document, seqNo, primaryTerm };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw sinkError(`Reading unit ${id}`, error);
  }
}

/** Writes a unit as it was read, and nothing else; undefined where somebody was faster. */
export async function writeStored(
  client: Client,
  id: string,
  document: UnitDocument,
  over: Pick<StoredUnit, 'seqNo' | 'primaryTerm'> | undefined,
): Promise<StoredUnit | undefined> {
  const guard =
    over === undefined ? { op_type: 'create' as const } : { if_seq_no: over.seqNo, if_primary_term: over.primaryTerm };
  try {
    const written = await client.index({ index: UNITS, id, document, require_alias: false, ...guard });
    return { document, seqNo: written._seq_no ?? -1, primaryTerm: written._primary_term ?? -1 };
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw sinkError(`Writing unit ${id}`, error);
  }
}

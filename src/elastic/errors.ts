import { errors } from '@elastic/elasticsearch';
import { MinecanaryError, SinkError, SourceError } from '../model/errors.ts';

/** What a refusal of Elasticsearch means for the one who asked. */
export type Refusal =
  /** The same request may succeed later: load, a full disk, a lost shard. */
  | 'retryable'
  /** Somebody else changed the document in between. */
  | 'conflict'
  /** The document, or its index, is not there. */
  | 'missing'
  /** It will be refused again, until somebody changes the index, the document or the privileges. */
  | 'permanent';

/** The parts of an error that tell refusals apart, in bulk items and in whole responses alike. */
export interface ErrorCause {
  readonly type?: string | undefined;
  readonly reason?: string | null | undefined;
}

const CONFLICT = new Set(['version_conflict_engine_exception', 'resource_already_exists_exception']);
const MISSING = new Set(['document_missing_exception', 'index_not_found_exception', 'resource_not_found_exception']);
const RETRYABLE = new Set([
  'es_rejected_execution_exception',
  'circuit_breaking_exception',
  'unavailable_shards_exception',
  'no_shard_available_action_exception',
  'search_phase_execution_exception',
  'process_cluster_event_timeout_exception',
  'timeout_exception',
  'node_not_connected_exception',
  'node_disconnected_exception',
  'node_closed_exception',
  'master_not_discovered_exception',
  'cluster_manager_not_discovered_exception',
  'shard_not_found_exception',
  'no_longer_primary_shard_exception',
  'index_shard_not_started_exception',
  'search_context_missing_exception',
  'receive_timeout_transport_exception',
]);
/**
 * Ids of the blocks that pass by themselves: not recovered (1), no master (2), and the disk's flood stage (12), which
 * Elasticsearch lifts when there is room. Source: the `…_BLOCK` constants of Elasticsearch.
 */
const PASSING_BLOCKS = /\/(1|2|12)\//;

/** Tells refusals apart by type and block id; the status alone says too little (403 and 429 both come of blocks). */
export function refusalOf({ type, reason }: ErrorCause, status?: number): Refusal {
  if (type === undefined) return status === undefined || status === 429 || status >= 500 ? 'retryable' : 'permanent';
  if (CONFLICT.has(type)) return 'conflict';
  if (MISSING.has(type)) return 'missing';
  if (type === 'cluster_block_exception') return PASSING_BLOCKS.test(reason ?? '') ? 'retryable' : 'permanent';
  return RETRYABLE.has(type) || status === 429 || status === 503 ? 'retryable' : 'permanent';
}

/** No answer came, or one that was cut off or is somebody else's. */
const UNANSWERED = [
  errors.ConnectionError,
  errors.TimeoutError,
  errors.NoLivingConnectionsError,
  errors.DeserializationError,
  // A node that is killed may answer without the header by which Elasticsearch is known.
  errors.ProductNotSupportedError,
];

/** The refusal behind an error of the client: no answer at all is retryable, and half of one is none. */
export function refusalOfError(error: unknown): Refusal {
  if (error instanceof errors.ResponseError) return refusalOf(causeOf(error), error.statusCode);
  if (error instanceof MinecanaryError) return error.retryable ? 'retryable' : 'permanent';
  return UNANSWERED.some((kind) => error instanceof kind) ? 'retryable' : 'permanent';
}

/** Status of the answer behind an error of the client; undefined where none came. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof errors.ResponseError ? error.statusCode : undefined;
}

export function isMissing(error: unknown): boolean {
  return error instanceof errors.ResponseError && error.statusCode === 404;
}

export function isConflict(error: unknown): boolean {
  return refusalOfError(error) === 'conflict';
}

function causeOf(error: errors.ResponseError): ErrorCause {
  const body = error.body as { error?: ErrorCause & { root_cause?: readonly ErrorCause[] } } | undefined;
  const cause = body?.error;
  // A search that fails as a whole names what its shards said.
  return cause?.type === 'search_phase_execution_exception' ? (cause.root_cause?.[0] ?? cause) : (cause ?? {});
}

/** What the client's error says, in a clause without credentials, headers or bodies. */
export function reasonOf(error: unknown): string {
  if (error instanceof errors.ResponseError) {
    const { type, reason } = causeOf(error);
    if (error.statusCode === 401) return 'the credentials were refused (401)';
    if (error.statusCode === 403 && type === 'security_exception') return `a privilege is missing (403): ${reason}`;
    // The answer to a HEAD request has no body.
    if (error.statusCode === 403 && type === undefined) return 'a privilege is missing (403)';
    return `${type ?? 'no error type'} (${error.statusCode}): ${reason ?? 'no reason given'}`;
  }
  if (error instanceof errors.TimeoutError) return 'no answer came in time';
  if (error instanceof errors.ConnectionError || error instanceof errors.NoLivingConnectionsError) {
    return `the connection failed (${error.message.split('\n')[0]})`;
  }
  if (error instanceof errors.DeserializationError) return 'the answer was cut off or is not of Elasticsearch';
  return error instanceof Error ? error.message : String(error);
}

const CURES: readonly (readonly [RegExp, string])[] = [
  [/altnames/, 'Write `elasticsearch.node` with a name that the certificate has.'],
  [/certificate/, "Give the authority's certificate as `elasticsearch.caFile`, or its `elasticsearch.caFingerprint`."],
  [/other side closed/, 'If it speaks TLS, write https:// in `elasticsearch.node`.'],
  [/wrong version number|packet length too long/, 'It speaks no TLS there: write http:// in `elasticsearch.node`.'],
  [/the connection failed|no answer/, 'Check that it runs and that `elasticsearch.node` names it.'],
  [/credentials/, 'Check the API key, or user name and password.'],
  [/no such index/, 'Correct `sources[].index`.'],
  [/privilege/, 'Give the role this privilege; docs/OPERATIONS.md lists those the worker needs.'],
];

function sentence(doing: string, error: unknown): string {
  const reason = reasonOf(error);
  const cure = CURES.find(([pattern]) => pattern.test(reason))?.[1];
  return `${doing} failed: ${reason}.${cure === undefined ? '' : ` ${cure}`}`;
}

/** @param doing what was tried, as the subject of a sentence: `Reading the mappings of logs-*`. */
export function sourceError(doing: string, error: unknown): MinecanaryError {
  if (error instanceof MinecanaryError) return error;
  const retryable = refusalOfError(error) === 'retryable';
  return new SourceError(sentence(doing, error), { code: 'source_failed', cause: error, retryable });
}

export function sinkError(doing: string, error: unknown): MinecanaryError {
  if (error instanceof MinecanaryError) return error;
  const retryable = refusalOfError(error) === 'retryable';
  return new SinkError(sentence(doing, error), { code: 'sink_failed', cause: error, retryable });
}

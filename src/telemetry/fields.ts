import { isNativeError } from 'node:util/types';

/** Fields of a log line by their ECS names. An Error under `error` becomes `error.*`. */
export type Fields = Readonly<Record<string, unknown>>;

const MAX_CAUSES = 5;
/** Written by the log itself; JSON in which a key stands twice is refused by Elasticsearch. */
const RESERVED = ['message', '@timestamp', 'log.level', 'ecs.version', 'service.name', 'event.dataset', 'err'];

/** The fields as plain JSON in which every text, and every key, has passed `redact`. Total: it never throws. */
export function plainFields(fields: Fields, redact: (text: string) => string): Record<string, unknown> {
  let plain: unknown;
  try {
    plain = JSON.parse(JSON.stringify(fields, replaceOdd));
  } catch {
    const error = isNativeError(fields.error) ? { error: ecsError(fields.error) } : {};
    plain = { ...error, labels: { fields: "left out: they can't be written as JSON" } };
  }
  const entries = Object.entries(redacted(plain, redact) as object).filter(([key]) => !RESERVED.includes(key));
  return Object.fromEntries(entries);
}

function replaceOdd(_key: string, value: unknown): unknown {
  if (isNativeError(value)) return ecsError(value);
  return typeof value === 'bigint' ? String(value) : value;
}

/** ECS `error.*`. Causes follow in the stack trace. */
function ecsError(error: Error): Record<string, string> {
  const given = 'code' in error ? error.code : undefined;
  const code = typeof given === 'string' || typeof given === 'number' ? { code: String(given) } : {};
  const stacks: string[] = [];
  for (let cause: unknown = error; isNativeError(cause) && stacks.length <= MAX_CAUSES; cause = cause.cause) {
    stacks.push(cause.stack ?? `${cause.name}: ${cause.message}`);
  }
  return { type: error.name, message: error.message, ...code, stack_trace: stacks.join('\nCaused by: ') };
}

function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact));
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [redact(key), redacted(own, redact)]));
}

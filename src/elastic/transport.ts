import { setTimeout as sleep } from 'node:timers/promises';
import { errors, Transport, type TransportRequestOptions, type TransportRequestParams } from '@elastic/elasticsearch';
import { statusOf } from './errors.ts';

type TransportOptions = ConstructorParameters<typeof Transport>[0];

const BAD_REQUEST = 400;
/** The client tries again at once where one of these is answered. */
const UNAVAILABLE = new Set([502, 503, 504]);
/** Milliseconds between its rounds: a shard that is being allocated, or a proxy that starts, needs a moment. */
const PAUSES_MS = [250, 1000];
const REFUSED_VERSION = /Accept version must be/;

function headersOf(version: number): NonNullable<TransportOptions['vendoredHeaders']> {
  const json = `application/vnd.elasticsearch+json; compatible-with=${version}`;
  const ndjson = `application/vnd.elasticsearch+x-ndjson; compatible-with=${version}`;
  return { jsonContentType: json, ndjsonContentType: ndjson, accept: `${json},text/plain` };
}

/**
 * Speaks with Elasticsearch 9 as the client does, and with 8 in its own version of the API, which 9 understands too:
 * once a server refuses the newer one, all requests are sent in the older one. What is not available is asked for again
 * after a moment, unless the request allows no retries.
 *
 * @param redact takes secrets out of a text. What a server says of failures passes it, be it of a whole request, of
 *   items of a bulk request, or of shards: a proxy in between may say back what it was sent.
 */
export function eitherVersion(redact: (text: string) => string): typeof Transport {
  return class EitherVersion extends Transport {
    readonly #older: Transport;
    #isOlder = false;

    constructor(options: TransportOptions) {
      super(options);
      this.#older = new Transport({ ...options, vendoredHeaders: headersOf(8) });
    }

    override async request(params: TransportRequestParams, options?: TransportRequestOptions): Promise<never> {
      try {
        const answer: unknown = await this.#patiently(params, options);
        return withoutSecretFailures(answer, redact) as never;
      } catch (error) {
        throw withoutSecrets(error, redact);
      }
    }

    async #patiently(params: TransportRequestParams, options?: TransportRequestOptions): Promise<never> {
      for (const pause of options?.maxRetries === 0 ? [] : PAUSES_MS) {
        try {
          return await this.#inEither(params, options);
        } catch (error) {
          if (!isUnavailable(error)) throw error;
          await sleep(pause);
        }
      }
      return this.#inEither(params, options);
    }

    async #inEither(params: TransportRequestParams, options?: TransportRequestOptions): Promise<never> {
      if (this.#isOlder) return await this.#older.request<never>(params, options);
      try {
        return await super.request<never>(params, options);
      } catch (error) {
        this.#isOlder = isRefusedVersion(error);
        if (!this.#isOlder && !mayBeRefusedVersion(error, params)) throw error;
        const answer = await this.#older.request<never>(params, options);
        this.#isOlder = true;
        return answer;
      }
    }
  };
}

function isUnavailable(error: unknown): boolean {
  return UNAVAILABLE.has(statusOf(error) ?? 0);
}

function isRefusedVersion(error: unknown): boolean {
  return isBadRequest(error) && REFUSED_VERSION.test(JSON.stringify(error.body ?? ''));
}

/** The answer to a HEAD request has no body to tell the reason in. */
function mayBeRefusedVersion(error: unknown, { method }: TransportRequestParams): boolean {
  return isBadRequest(error) && method === 'HEAD';
}

function isBadRequest(error: unknown): error is errors.ResponseError {
  return error instanceof errors.ResponseError && error.statusCode === BAD_REQUEST;
}

function withoutSecrets(error: unknown, redact: (text: string) => string): unknown {
  // It quotes a few characters of the answer, which may be a part of a secret.
  if (error instanceof errors.DeserializationError) return new errors.DeserializationError('the answer is no JSON', '');
  if (!(error instanceof errors.ElasticsearchClientError)) return error;
  // The client takes a body that is no object for the message, be it a text or not.
  const message: unknown = error.message;
  error.message = typeof message === 'string' ? redact(message) : error.name;
  if (error.stack !== undefined) error.stack = redact(error.stack);
  if ('meta' in error && typeof error.meta === 'object' && error.meta !== null) {
    const { meta } = error as { readonly meta: { body?: unknown; headers?: unknown } };
    meta.body = deeply(meta.body, redact);
    meta.headers = deeply(meta.headers, redact);
  }
  return error;
}

/** The answer itself: of a bulk request with its errors, of a search with the failures of its shards. */
function withoutSecretFailures(answer: unknown, redact: (text: string) => string): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  const { errors: failed, items, _shards: shards } = answer as Record<string, unknown>;
  if (failed === true && Array.isArray(items)) Object.assign(answer, { items: deeply(items, redact) });
  if (typeof shards === 'object' && shards !== null && 'failures' in shards) {
    Object.assign(shards, { failures: deeply(shards.failures, redact) });
  }
  return answer;
}

function deeply(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => deeply(item, redact));
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [redact(key), deeply(own, redact)]));
}

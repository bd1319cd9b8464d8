import { errors, Transport, type TransportRequestOptions, type TransportRequestParams } from '@elastic/elasticsearch';

type TransportOptions = ConstructorParameters<typeof Transport>[0];

const BAD_REQUEST = 400;
const REFUSED_VERSION = /Accept version must be/;

function headersOf(version: number): NonNullable<TransportOptions['vendoredHeaders']> {
  const json = `application/vnd.elasticsearch+json; compatible-with=${version}`;
  const ndjson = `application/vnd.elasticsearch+x-ndjson; compatible-with=${version}`;
  return { jsonContentType: json, ndjsonContentType: ndjson, accept: `${json},text/plain` };
}

/**
 * Speaks with Elasticsearch 9 as the client does, and with 8 in its own version of the API, which 9 understands too:
 * once a server refuses the newer one, all requests are sent in the older one.
 */
export class EitherVersion extends Transport {
  readonly #older: Transport;
  #isOlder = false;

  constructor(options: TransportOptions) {
    super(options);
    this.#older = new Transport({ ...options, vendoredHeaders: headersOf(8) });
  }

  override async request(params: TransportRequestParams, options?: TransportRequestOptions): Promise<never> {
    if (this.#isOlder) return await this.#older.request<never>(params, options);
    try {
      return await super.request<never>(params, options);
    } catch (error) {
      if (!isRefusedVersion(error, params)) throw error;
      const answer = await this.#older.request<never>(params, options);
      this.#isOlder = true;
      return answer;
    }
  }
}

/** The answer to a HEAD request has no body to tell the reason in. */
function isRefusedVersion(error: unknown, { method }: TransportRequestParams): boolean {
  if (!(error instanceof errors.ResponseError) || error.statusCode !== BAD_REQUEST) return false;
  return method === 'HEAD' || REFUSED_VERSION.test(JSON.stringify(error.body ?? ''));
}

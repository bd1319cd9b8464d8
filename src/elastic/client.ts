import { Client, type ClientOptions } from '@elastic/elasticsearch';
import { eitherVersion } from './transport.ts';

/** How Elasticsearch is reached. Secrets are already read from wherever they lie. */
export interface Connection {
  readonly node: readonly string[];
  readonly apiKey?: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM text of the certificate authority. */
  readonly ca?: string;
  /** SHA-256 of the certificate the node's chain ends in, beside `ca`. */
  readonly caFingerprint?: string;
  /** Certificates are not checked. */
  readonly insecure?: boolean;
  /** Takes secrets out of what is told of failed requests. */
  readonly redact?: (text: string) => string;
}

export const REQUEST_TIMEOUT_MS = 60_000;

/** The client retries what got no answer or a 502, 503 or 504; every write of minecanary bears that. */
export function connect(connection: Connection): Client {
  const { node, apiKey, username, password, ca, caFingerprint, insecure = false, redact = (text) => text } = connection;
  const auth: ClientOptions['auth'] =
    apiKey !== undefined
      ? { apiKey }
      : username !== undefined && password !== undefined
        ? { username, password }
        : undefined;
  return new Client({
    nodes: [...node],
    Transport: eitherVersion(redact),
    maxRetries: 3,
    requestTimeout: REQUEST_TIMEOUT_MS,
    compression: false,
    ...(auth === undefined ? {} : { auth }),
    // Said aloud: the environment (`NODE_TLS_REJECT_UNAUTHORIZED`) must not decide it.
    tls: { rejectUnauthorized: !insecure, ...(ca === undefined ? {} : { ca }) },
    ...(caFingerprint === undefined ? {} : { caFingerprint }),
  });
}

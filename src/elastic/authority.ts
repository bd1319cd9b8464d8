import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { SourceError } from '../model/errors.ts';

const HANDSHAKE_MS = 10_000;

/**
 * The certificate of this fingerprint out of the chain that a node shows, as PEM text. Nothing is sent but the handshake.
 * The fingerprint proves the certificate, and that is then what the node's own is checked against: a chain that merely
 * shows the right authority proves nothing.
 *
 * @param nodes https URLs; the first that answers is asked.
 * @param fingerprint SHA-256, hexadecimal, with or without colons.
 * @throws SourceError where no node answers (retryable), or the chain has no such certificate.
 */
export async function authorityOf(nodes: readonly string[], fingerprint: string): Promise<string> {
  let failure: unknown;
  for (const node of nodes) {
    let chain: readonly Shown[];
    try {
      chain = await chainOf(new URL(node));
    } catch (error) {
      failure = error;
      continue;
    }
    const found = chain.find((one) => bare(one.fingerprint) === bare(fingerprint));
    if (found !== undefined) return found.pem;
    const shown = chain.map((one) => one.fingerprint).join(', ') || 'none';
    throw new SourceError(
      `No certificate that ${node} shows has the fingerprint of \`elasticsearch.caFingerprint\`; it shows ${shown}. ` +
        'Correct it, or give the certificate itself as `elasticsearch.caFile`.',
      { code: 'certificate_refused' },
    );
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  throw new SourceError(
    `Asking for the certificates of ${nodes.join(', ')} failed: ${reason}. Check that it runs and speaks TLS.`,
    { code: 'source_failed', cause: failure, retryable: true },
  );
}

interface Shown {
  readonly fingerprint: string;
  readonly pem: string;
}

/** The node's own certificate first. */
async function chainOf({ hostname, port }: URL): Promise<Shown[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket: TLSSocket = connect({
    host,
    port: Number(port || 443),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: false,
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(HANDSHAKE_MS) });
    const chain: Shown[] = [];
    let next = socket.getPeerX509Certificate();
    while (next !== undefined && !chain.some(({ fingerprint }) => fingerprint === next?.fingerprint256)) {
      chain.push({ fingerprint: next.fingerprint256, pem: next.toString() });
      next = next.issuerCertificate;
    }
    return chain;
  } finally {
    socket.destroy();
  }
}

function bare(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

/** Certificates of our own, made by openssl. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const DAYS = ['-days', '2'];
const AUTHORITY = '/CN=minecanary test authority';
const NAMES = 'DNS:localhost,IP:127.0.0.1';

/** A certificate authority and a server's certificate signed by it; PEM texts, and where the authority's lies. */
export interface Certificates {
  readonly ca: string;
  readonly caFile: string;
  /** SHA-256 of the authority's certificate, as OpenSSL writes it: `AB:CD:...`. */
  readonly fingerprint: string;
  /** The server's certificate, with the authority's behind it. */
  readonly chain: string;
  readonly key: string;
}

/** Makes them in a folder, in files whose names begin with `name`. All authorities have the same name. */
export function makeCertificates(folder: string, name: string, { names = NAMES } = {}): Certificates {
  const file = (suffix: string): string => join(folder, `${name}${suffix}`);
  const text = (suffix: string): string => readFileSync(file(suffix), 'utf8');
  const extensions = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n';
  writeFileSync(file('-ca.cnf'), `[req]\ndistinguished_name=dn\nx509_extensions=ca\n[dn]\n[ca]\n${extensions}`);
  writeFileSync(file('.ext'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`);
  const [caKey, caFile, config] = [file('-ca.key'), file('-ca.crt'), file('-ca.cnf')];
  openssl('req', '-x509', ...KEY, ...DAYS, '-config', config, '-subj', AUTHORITY, '-keyout', caKey, '-out', caFile);
  openssl('req', ...KEY, '-subj', '/CN=localhost', '-keyout', file('.key'), '-out', file('.csr'));
  const signed = ['-CA', caFile, '-CAkey', caKey, '-CAcreateserial', '-extfile', file('.ext')];
  openssl('x509', '-req', '-in', file('.csr'), ...signed, ...DAYS, '-out', file('.crt'));
  const ca = text('-ca.crt');
  const { fingerprint256: fingerprint } = new X509Certificate(ca);
  return { ca, caFile, fingerprint, chain: `${text('.crt')}${ca}`, key: text('.key') };
}

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}

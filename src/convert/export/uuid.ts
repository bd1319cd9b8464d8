import { createHash } from 'node:crypto';

/** Our own: version 5 of the name `https://attack.mitre.org/techniques/T1496/001/#minecanary` among URLs. */
const NAMESPACE = '095e03d68a07534785f741833611e9b6';

/** UUID of version 5 (RFC 9562): the same parts always give the same id. */
export function nameUuid(...parts: readonly string[]): string {
  const hash = createHash('sha1').update(Buffer.from(NAMESPACE, 'hex')).update(JSON.stringify(parts)).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

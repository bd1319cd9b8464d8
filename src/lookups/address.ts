import ipaddr from 'ipaddr.js';

/** An IP address with its number. IPv4 written inside IPv6 (`::ffff:1.2.3.4`) is IPv4. */
export interface Address {
  readonly version: 4 | 6;
  /** Normal form: dotted decimal, or RFC 5952. */
  readonly text: string;
  /** The address as a number of 32 or 128 bits. */
  readonly bits: number | bigint;
}

export interface Network {
  readonly version: 4 | 6;
  /** Normal form `address/prefix` with the host bits cleared. */
  readonly text: string;
  readonly prefix: number;
  readonly bits: number | bigint;
}

const ZERO = 48;
const NINE = 57;
const DOT = 46;

/** The 32 bits of a strict dotted decimal IPv4 address (no leading zeros, no short forms), or -1. */
function parseIpv4(text: string): number {
  if (text.length < 7 || text.length > 15) return -1;
  let bits = 0;
  let octet = -1;
  let octets = 0;
  for (let i = 0; i <= text.length; i += 1) {
    const code = i < text.length ? text.charCodeAt(i) : DOT;
    if (code === DOT) {
      if (octet < 0) return -1;
      bits = bits * 256 + octet;
      octets += 1;
      octet = -1;
    } else if (code < ZERO || code > NINE || octet === 0) {
      return -1;
    } else {
      octet = octet < 0 ? code - ZERO : octet * 10 + code - ZERO;
      if (octet > 255) return -1;
    }
  }
  return octets === 4 ? bits : -1;
}

/** Spares ipaddr.js the `host:port` and times of day among the text: what it refuses costs it an exception, 7 µs. */
const LIKE_IPV6 = /^[0-9a-f]{0,4}:[0-9a-f]{0,4}:[0-9a-f:]*$/i;

/** An IPv6 address with its dotted tail in hexadecimal; ipaddr.js takes octal there, and `::1.2.3.4` for IPv4. */
function withoutDots(text: string): string | undefined {
  if (!text.includes('.')) return text;
  const start = text.lastIndexOf(':') + 1;
  const bits = parseIpv4(text.slice(start));
  if (bits < 0) return undefined;
  return `${text.slice(0, start)}${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}`;
}

/**
 * Reads an address strictly: dotted decimal or IPv6, with a zone (`%eth0`) dropped; nothing else, no surrounding
 * space, no port. Never throws.
 */
export function parseAddress(text: string): Address | undefined {
  const ipv4 = parseIpv4(text);
  if (ipv4 >= 0) return { version: 4, text, bits: ipv4 };
  if (text.length < 2 || text.length > 80 || !text.includes(':')) return undefined;
  const zone = text.indexOf('%');
  const bare = zone < 0 ? text : text.slice(0, zone);
  const hex = withoutDots(bare);
  if (hex === undefined || !LIKE_IPV6.test(hex) || !ipaddr.IPv6.isValid(hex)) return undefined;
  const ipv6 = ipaddr.IPv6.parse(hex);
  if (ipv6.isIPv4MappedAddress()) {
    const mapped = ipv6.toIPv4Address().toString();
    return { version: 4, text: mapped, bits: parseIpv4(mapped) };
  }
  const bits = ipv6.parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n);
  return { version: 6, text: ipv6.toRFC5952String(), bits };
}

/** Clears the host bits: what all addresses of the network share. */
export function networkBits(version: 4 | 6, bits: number | bigint, prefix: number): number | bigint {
  if (version === 4) return prefix === 0 ? 0 : ((Number(bits) >>> (32 - prefix)) << (32 - prefix)) >>> 0;
  const host = 128n - BigInt(prefix);
  return (BigInt(bits) >> host) << host;
}

/**
 * Reads `address/prefix`; a bare address is a network of one. Host bits may be set and are cleared. IPv4 written inside
 * IPv6 is IPv4 (`::ffff:10.0.0.0/104` is `10.0.0.0/8`). Never throws.
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const address = parseAddress(host);
  if (address === undefined) return undefined;
  const most = address.version === 4 ? 32 : 128;
  const digits = slash < 0 ? undefined : text.slice(slash + 1);
  if (digits !== undefined && !/^(0|[1-9]\d{0,2})$/.test(digits)) return undefined;
  const mapped = address.version === 4 && host.includes(':') ? 96 : 0;
  const prefix = digits === undefined ? most : Number(digits) - mapped;
  if (prefix < 0 || prefix > most) return undefined;
  const bits = networkBits(address.version, address.bits, prefix);
  const start = ipaddr.fromByteArray(toBytes(address.version, bits));
  const first = start instanceof ipaddr.IPv6 ? start.toRFC5952String() : start.toString();
  return { version: address.version, text: `${first}/${prefix}`, prefix, bits };
}

function toBytes(version: 4 | 6, bits: number | bigint): number[] {
  const size = version === 4 ? 4 : 16;
  return Array.from({ length: size }, (_, i) => Number((BigInt(bits) >> BigInt(8 * (size - 1 - i))) & 0xffn));
}

/** Whether an address lies in any of the networks (CIDRs or addresses; what is neither is left out). */
export function inNetworks(networks: readonly string[]): (address: Address) => boolean {
  const parsed = networks.map(parseNetwork).filter((network) => network !== undefined);
  return ({ version, bits }) =>
    parsed.some(
      (network) => network.version === version && networkBits(version, bits, network.prefix) === network.bits,
    );
}

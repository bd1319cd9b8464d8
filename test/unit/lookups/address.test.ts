import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { inNetworks, parseAddress, parseNetwork } from '../../../src/lookups/address.ts';
import { tablesOf } from '../../support/tables.ts';

/** The bits of an address, told apart from the code under test: `v4 0101...`. IPv4 in IPv6 counts as IPv4. */
type Bits = { readonly version: 4 | 6; readonly bits: string };
const MAPPED = '0'.repeat(80) + '1'.repeat(16);

const binary = (value: number, width: number): string => value.toString(2).padStart(width, '0');
const octets = (bits: string): number[] => (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
const groups = (bits: string): string[] =>
  (bits.match(/.{16}/g) ?? []).map((group) => Number.parseInt(group, 2).toString(16));

/** An address of 32 or 128 bits in one of its spellings. */
const v4 = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }).map((bytes) => {
  return { version: 4, bits: bytes.map((byte) => binary(byte, 8)).join(''), text: bytes.join('.') } as const;
});
const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
const v6 = fc
  .tuple(fc.array(group, { minLength: 8, maxLength: 8 }), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([parts, upper, dotted, short]) => {
    const bits = parts.map((part) => binary(part, 16)).join('');
    const hex = parts.map((part) => part.toString(16));
    const tail = dotted ? octets(bits.slice(96)).join('.') : hex.slice(6).join(':');
    const whole = [...hex.slice(0, 6), tail].join(':');
    const text = short ? whole.replace(/(^|:)0(:0)+(:|$)/, '::') : whole;
    return { ...unmapped(bits), text: upper ? text.toUpperCase() : text };
  });
const mapped = v4.map(({ version, bits, text }) => ({ version, bits, text: `::ffff:${text}` }));
const anyAddress = fc.oneof(v4, v6, mapped);

const flip = (bits: string, at: number) => bits.slice(0, at) + (bits[at] === '0' ? '1' : '0') + bits.slice(at + 1);
const spell = ({ version, bits }: Bits): string => (version === 4 ? octets(bits).join('.') : groups(bits).join(':'));

function unmapped(bits: string): Bits {
  return bits.startsWith(MAPPED) ? { version: 4, bits: bits.slice(96) } : { version: 6, bits };
}

describe('parseAddress', () => {
  test('reads every spelling of an address to the same bits', () => {
    fc.assert(
      fc.property(anyAddress, ({ version, bits, text }) => {
        const address = parseAddress(text);
        expect(address?.version).toBe(version);
        expect(BigInt(address?.bits ?? -1)).toBe(BigInt(`0b${bits}`));
      }),
    );
  });

  test('gives one normal form, which it reads back', () => {
    fc.assert(
      fc.property(anyAddress, ({ text }) => {
        const normal = parseAddress(text)?.text ?? '';
        expect(parseAddress(normal)?.text).toBe(normal);
        expect(parseAddress(text.toLowerCase())?.text).toBe(normal);
      }),
    );
  });

  test.each([
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::FFFF:0102:0304', '1.2.3.4'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::', '::'],
    // An IPv4-compatible address (RFC 4291, deprecated) is not an IPv4 address.
    ['::1.2.3.4', '::102:304'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ])('%s is %s', (text, normal) => {
    expect(parseAddress(text)?.text).toBe(normal);
  });

  test.each([
    ['leading zero', '01.2.3.4'],
    ['leading zeros', '00.0.0.0'],
    ['too large', '256.1.1.1'],
    ['short', '1.2.3'],
    ['long', '1.2.3.4.5'],
    ['empty octet', '1..3.4'],
    ['hexadecimal', '0x10.1.1.1'],
    ['number', '16909060'],
    ['port', '1.2.3.4:80'],
    ['space', ' 1.2.3.4'],
    ['line end', '1.2.3.4\n'],
    ['zone on IPv4', '1.2.3.4%eth0'],
    ['CIDR', '1.2.3.4/32'],
    ['brackets', '[::1]'],
    ['two gaps', '1::2::3'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['group too long', '12345::'],
    ['hexadecimal tail', '::ffff:0x10.1.1.1'],
    ['octal tail', '::ffff:010.1.1.1'],
    ['tail too large', '::ffff:256.1.1.1'],
    ['tail too short', '::ffff:1.2.3'],
    ['tail in the middle', '::1.2.3.4:5'],
    ['letters', '::g'],
    ['full-width digits', '１.２.３.４'],
    ['empty', ''],
  ])('%s is no address: %j', (_why, text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test('never throws', () => {
    const pieces = fc.array(fc.constantFrom(':', '.', '%', '/', '0', 'f', 'ffff', '255', '[', ']', ' ', '\ud800'));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          pieces.map((some) => some.join('')),
        ),
        (text) => {
          expect(() => [parseAddress(text), parseNetwork(text)]).not.toThrow();
        },
      ),
    );
  });
});

describe('networks', () => {
  const pair = anyAddress.chain((base) =>
    fc.record({
      base: fc.constant(base),
      prefix: fc.integer({ min: 1, max: base.bits.length }),
      flipped: fc.option(fc.nat(base.bits.length - 1), { nil: undefined }),
      other: fc.option(anyAddress, { nil: undefined }),
    }),
  );
  /** A listed network and an address near it: the base with one bit flipped, or any other. */
  const near = pair.map(({ base, prefix, flipped, other }) => {
    const probe: Bits =
      other ??
      (base.version === 6
        ? unmapped(flipped === undefined ? base.bits : flip(base.bits, flipped))
        : { version: 4, bits: flipped === undefined ? base.bits : flip(base.bits, flipped) });
    return { base, prefix, probe, text: spell(probe) };
  });

  test('hold an address if and only if the leading bits agree, for every prefix length', () => {
    let inside = 0;
    fc.assert(
      fc.property(near, ({ base, prefix, probe, text }) => {
        const expected = base.version === probe.version && base.bits.slice(0, prefix) === probe.bits.slice(0, prefix);
        inside += expected ? 1 : 0;
        const value = `${spell(base)}/${prefix}`;
        const address = parseAddress(text);
        expect(address !== undefined && inNetworks([value])(address)).toBe(expected);
        const { byKind } = tablesOf({ address: [value, { value, port: 3333 }] });
        const normal = address?.text ?? '';
        expect(byKind.address.find(normal).length).toBe(expected ? 1 : 0);
        const socket = normal.includes(':') ? `[${normal}]` : normal;
        expect(byKind.socket.find(`${socket}:3333`).length).toBe(expected ? 1 : 0);
        expect(byKind.socket.find(`${socket}:3334`)).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(inside).toBeGreaterThan(15);
  });

  test.each([
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['10.1.2.3', '10.1.2.3/32'],
    ['2001:db8:ffff::1/32', '2001:db8::/32'],
    ['::1', '::1/128'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['255.255.255.255/1', '128.0.0.0/1'],
    ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
    ['::ffff:10.1.2.3', '10.1.2.3/32'],
  ])('%s is %s', (text, normal) => {
    expect(parseNetwork(text)?.text).toBe(normal);
  });

  test.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '::/129',
    '::ffff:10.0.0.0/24',
    'minexmr.com/24',
  ])('%s is no network', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  test('what is neither an address nor a network is left out', () => {
    const address = parseAddress('10.0.0.1');
    expect(address !== undefined && inNetworks(['resolver.corp', '10.0.0.0/8'])(address)).toBe(true);
    expect(address !== undefined && inNetworks(['resolver.corp'])(address)).toBe(false);
  });
});

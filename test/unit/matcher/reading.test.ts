import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { FieldKind } from '../../../src/matcher/catalogue.ts';
import { parseHost, readValue } from '../../../src/matcher/reading.ts';
import { HASHES } from '../../support/tables.ts';

/** What a URL tells of its host. */
function hostOfUrl(text: string) {
  const { url: _url, path: _path, ...host } = readValue('url', text) ?? {};
  return Object.keys(host).length === 0 ? undefined : host;
}

describe('hostOfUrl', () => {
  test.each([
    ['absolute', 'https://pool.minexmr.com/x?y#z', { name: 'pool.minexmr.com' }],
    ['any scheme', 'stratum+tcp://minexmr.com:4444', { name: 'minexmr.com', port: 4444 }],
    ['upper case, trailing dot', 'HTTP://MineXMR.COM./', { name: 'minexmr.com' }],
    ['user', 'http://user@minexmr.com/', { name: 'minexmr.com' }],
    ['user, password and port', 'http://a:b@c@minexmr.com:3333/x', { name: 'minexmr.com', port: 3333 }],
    ['query without a path', 'http://minexmr.com?u=http://good.org/', { name: 'minexmr.com' }],
    ['IPv4', 'http://51.15.58.224:3333', { address: '51.15.58.224', port: 3333 }],
    ['IPv6', 'http://[2001:DB8::1]/', { address: '2001:db8::1' }],
    ['IPv6 and port', 'http://u@[2001:db8::1]:3333/', { address: '2001:db8::1', port: 3333 }],
    ['U-label', 'http://пул.рф/', { name: 'xn--k1ahm.xn--p1ai' }],
    ['CONNECT', 'minexmr.com:443', { name: 'minexmr.com', port: 443 }],
    ['CONNECT to IPv4', '51.15.58.224:443', { address: '51.15.58.224', port: 443 }],
    ['CONNECT to IPv6', '[2001:db8::1]:443', { address: '2001:db8::1', port: 443 }],
    ['CONNECT to a single label', 'pool:3333', { name: 'pool', port: 3333 }],
    ['host and path', 'minexmr.com/index', { name: 'minexmr.com' }],
    ['no scheme', '//minexmr.com/x', { name: 'minexmr.com' }],
    ['a URL in the query of a URL', 'http://good.org/?u=http://minexmr.com/', { name: 'good.org' }],
    ['a URL in the query of host and path', 'good.org/?u=http://minexmr.com/', { name: 'good.org' }],
    ['user after the path', 'http://good.org/@minexmr.com', { name: 'good.org' }],
    ['backslash', 'http://good.org\\@minexmr.com', { name: 'good.org' }],
  ])('%s: %s', (_what, url, host) => {
    expect(hostOfUrl(url)).toEqual(host);
  });

  test.each([
    ['path', '/minexmr.com/x'],
    ['path with a URL in its query', '/r?u=http://minexmr.com/'],
    ['query with a URL', '?u=http://minexmr.com/'],
    ['relative path', 'minexmr/x'],
    ['single word', 'index'],
    ['data', 'data:text/html,minexmr.com'],
    ['no host', 'http:///minexmr.com'],
    ['user alone', 'http://minexmr.com@/'],
    ['empty', ''],
    ['rubbish', 'http://mine xmr.com/'],
  ])('%s: %j names no host', (_what, url) => {
    expect(hostOfUrl(url)).toBeUndefined();
  });
});

describe('a URL is `host/path`', () => {
  test.each<[string, object]>([
    ['https://Pool.MineXMR.com/x?y#z', { url: 'pool.minexmr.com/x?y' }],
    ['http://u:p@minexmr.com:3333/Lib/x.js', { url: 'minexmr.com/Lib/x.js' }],
    ['minexmr.com/index', { url: 'minexmr.com/index' }],
    ['minexmr.com:443', { url: 'minexmr.com/' }],
    ['http://minexmr.com?u=x', { url: 'minexmr.com/?u=x' }],
    ['http://[2001:DB8::1]:80/x', { url: '2001:db8::1/x' }],
    ['http://51.15.58.224/x', { url: '51.15.58.224/x' }],
    ['/lib/x.js?y#z', { path: '/lib/x.js?y' }],
    ['//minexmr.com/x', { url: 'minexmr.com/x' }],
  ])('%s', (text, reading) => {
    expect(readValue('url', text)).toMatchObject(reading);
  });
});

const said = (kind: string, ...values: string[]) => ({ said: values.map((value) => ({ kind, value })) });

describe('what a field of each kind says', () => {
  const [md5, sha1, sha256] = HASHES;

  test.each<[FieldKind, string | number, object | undefined]>([
    ['process', 'C:\\Users\\Me\\XMRig.EXE', said('process', 'xmrig.exe')],
    ['process', 'C:/Users/Me/XMRig.exe', said('process', 'xmrig.exe')],
    ['process', '\\Device\\HarddiskVolume2\\XMRig', said('process', 'xmrig')],
    ['process', '/opt/XMRig', said('process', 'XMRig')],
    ['process', 'xmrig', said('process', 'xmrig')],
    ['process', 7, undefined],
    ['hash', md5.toUpperCase(), said('process', md5)],
    ['hash', `MD5=${md5.toUpperCase()},SHA256=${sha256}`, said('process', md5, sha256)],
    ['hash', `SHA1=${sha1}, IMPHASH=00000000000000000000000000000000`, said('process', sha1, '0'.repeat(32))],
    ['hash', 'MD5=,SHA1=-', said('process')],
    ['command-line', 'xmrig -o x', said('command-line', 'xmrig -o x')],
    ['certificate', '*.pool.example', { name: 'pool.example' }],
    ['certificate', 'C=US, O=Pool, CN=*.Pool.example', { name: 'pool.example' }],
    ['certificate', '/C=US/CN=pool.example', { name: 'pool.example' }],
    ['certificate', 'CN=Pool Root CA, O=Pool', undefined],
    ['answers', ';;a b;', { answers: [] }],
    [
      'answers',
      'type:  5 a.minexmr.com;::ffff:51.15.58.224;2a01:4f8::1;',
      { answers: [{ name: 'a.minexmr.com' }, { address: '51.15.58.224' }, { address: '2a01:4f8::1' }] },
    ],
    ['answers', '51.15.58.224', { answers: [{ address: '51.15.58.224' }] }],
  ])('%s: %j', (kind, value, reading) => {
    expect(readValue(kind, value)).toEqual(reading);
  });

  test.each<[string, (text: string) => string]>([
    ['hexadecimal', (text) => Buffer.from(text).toString('hex').toUpperCase()],
    ['base64', (text) => Buffer.from(text).toString('base64')],
    ['plain text', (text) => text],
  ])('an encoded payload in %s', (_what, encode) => {
    const text = '{"id":1,"method":"mining.subscribe","params":[]}';
    expect(readValue('encoded-payload', encode(text))).toEqual(said('payload', 'mining.subscribe()'));
  });
});

const KINDS: readonly FieldKind[] = [
  'answers',
  'certificate',
  'process',
  'hash',
  'command-line',
  'args',
  'user-agent',
  'signature',
  'payload',
  'encoded-payload',
];

describe('parseHost', () => {
  test.each([
    ['minexmr.com', { name: 'minexmr.com' }],
    ['minexmr.com:3333', { name: 'minexmr.com', port: 3333 }],
    ['minexmr.com:03333', { name: 'minexmr.com' }],
    ['51.15.58.224', { address: '51.15.58.224' }],
    ['2001:db8::3333', { address: '2001:db8::3333' }],
    ['[2001:db8::1]', { address: '2001:db8::1' }],
    ['[2001:db8::1]:3333', { address: '2001:db8::1', port: 3333 }],
    ['::ffff:51.15.58.224', { address: '51.15.58.224' }],
  ])('%s', (text, host) => {
    expect(parseHost(text)).toEqual(host);
  });

  test.each(['', ':', ':3333', '[]:3333', 'a host of ours', '[minexmr.com', '2001:db8::g:3333'])(
    '%j is no host',
    (text) => {
      expect(parseHost(text)).toBeUndefined();
    },
  );

  test('neither throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      '://',
      ':',
      '@',
      '[',
      ']',
      '/',
      '%',
      '.',
      'a',
      '1',
      'minexmr.com',
      '\ud800',
      'ü',
      '',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((some) => some.join('')),
    );
    fc.assert(
      fc.property(text, (one) => {
        expect(() => [hostOfUrl(one), parseHost(one)]).not.toThrow();
        expect(() => KINDS.map((kind) => readValue(kind, one))).not.toThrow();
      }),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { hostOfUrl, parseHost } from '../../../src/matcher/host.ts';

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
      }),
    );
  });
});

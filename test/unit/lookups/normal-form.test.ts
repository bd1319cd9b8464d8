import { describe, expect, test } from '@jest/globals';
import type { LookupKind } from '../../../src/model/indicator.ts';
import { HASHES, parseRows } from '../../support/tables.ts';

const valueOf = (kind: LookupKind, value: string) => parseRows(kind, [value]).lookup?.indicators[0]?.value;
const [md5, sha1, sha256] = HASHES;

describe('a row is taken over in normal form', () => {
  test.each<[LookupKind, string, string]>([
    ['url', 'https://CDN.Example./Lib/miner.js', 'cdn.example/Lib/miner.js'],
    ['url', 'cdn.example/lib/', 'cdn.example/lib/'],
    ['url', 'cdn.example/a.js?k=1#top', 'cdn.example/a.js?k=1'],
    ['url', '203.0.113.9/x', '203.0.113.9/x'],
    ['url', 'http://[2001:DB8::1]/x', '2001:db8::1/x'],
    ['process', 'XMRig.EXE', 'xmrig.exe'],
    ['process', 'XMRig', 'XMRig'],
    ['process', md5.toUpperCase(), md5],
    ['process', sha1, sha1],
    ['process', sha256.toUpperCase(), sha256],
    ['command-line', ' -o pool.', ' -o pool.'],
    ['user-agent', 'XMRig/*', 'XMRig/*'],
    ['signature', '*coin*miner*', '*coin*miner*'],
    ['payload', 'eth_submitLogin', 'eth_submitLogin'],
  ])('%s: %s', (kind, value, normal) => {
    expect(valueOf(kind, value)).toBe(normal);
  });
});

describe('a row that is none is refused, with the reason', () => {
  test.each<[LookupKind, string, RegExp]>([
    ['url', 'cdn.example', /no URL of host and path/],
    ['url', 'https://cdn.example/', /no path/],
    ['url', '/miner.js', /no URL of host and path/],
    ['url', 'cdn.example:8080/miner.js', /no URL of host and path/],
    ['url', 'a b/miner.js', /no URL of host and path/],
    ['process', '/opt/xmrig', /without a path/],
    ['process', 'C:\\xmrig.exe', /without a path/],
    ['process', 'xmrig*', /wildcards/],
    ['process', 'a'.repeat(33), /no MD5/],
    ['command-line', '*', /nearly everything/],
    ['command-line', '-o * -u', /nearly everything/],
    ['user-agent', '***', /nearly everything/],
    ['signature', ' a * b ', /nearly everything/],
    ['payload', 'a b', /no JSON-RPC method/],
    ['payload', 'ab', /no JSON-RPC method/],
    ['payload', '{"method":1}', /no JSON-RPC method/],
  ])('%s: %s', (kind, value, reason) => {
    const { lookup, faults } = parseRows(kind, [value]);
    expect(lookup).toBeUndefined();
    expect(faults[0]?.message).toMatch(reason);
  });
});

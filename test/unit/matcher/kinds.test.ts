import { describe, expect, test } from '@jest/globals';
import type { EventDocument } from '../../../src/model/event.ts';
import { HASHES, matcherOf } from '../../support/tables.ts';

const matcher = matcherOf();
const named = (event: EventDocument, kind?: string) =>
  (matcher.match(event)?.matches ?? [])
    .filter(({ observable }) => kind === undefined || observable.kind === kind)
    .map(({ indicator }) => indicator.value);
const SUBSCRIBE = '{"id":1,"method":"mining.subscribe","params":[]}';

describe('url: host, or a name under it, and the beginning of the path', () => {
  const SCRIPT = 'cdn.example/lib/miner.js';

  test.each<[string, EventDocument, string[]]>([
    ['the host itself', { url: { full: 'https://cdn.example/lib/miner.js' } }, [SCRIPT]],
    ['a name under it', { url: { original: 'https://eu.CDN.example:8443/lib/miner.js?v=1#x' } }, [SCRIPT]],
    ['a longer path', { url: { full: 'http://ads.example/m/any/where' } }, ['ads.example/m/']],
    ['a referrer', { http: { request: { referrer: 'https://cdn.example/lib/miner.js' } } }, [SCRIPT]],
    ['a path beside url.domain', { url: { domain: 'cdn.example', path: '/lib/miner.js' } }, [SCRIPT]],
    [
      'a path beside destination.domain',
      { destination: { domain: 'cdn.example' }, url: { original: '/lib/miner.js' } },
      [SCRIPT],
    ],
    ['a path beside host:port', { url: { domain: 'cdn.example:8080', path: '/lib/miner.js' } }, [SCRIPT]],
    ['a path beside an address', { destination: { ip: '203.0.113.9' }, url: { path: '/x/y' } }, ['203.0.113.9/x/']],
    ['an address in the URL', { url: { full: 'http://203.0.113.9:81/x/y' } }, ['203.0.113.9/x/']],
    ['another path', { url: { full: 'https://cdn.example/lib/other.js' } }, []],
    ['a path of other case', { url: { full: 'https://cdn.example/Lib/miner.js' } }, []],
    ['another host', { url: { full: 'https://notcdn.example/lib/miner.js' } }, []],
    ['a host above it', { url: { full: 'https://example/lib/miner.js' } }, []],
    ['the host alone', { url: { full: 'https://ads.example/' } }, []],
    ['a CONNECT', { url: { original: 'cdn.example:443' } }, []],
    ['a path beside a client', { source: { domain: 'cdn.example' }, url: { path: '/lib/miner.js' } }, []],
    ['in a query', { url: { full: 'https://good.example/?u=https://cdn.example/lib/miner.js' } }, []],
  ])('%s', (_what, event, found) => {
    expect(named(event)).toEqual(found);
  });

  test('a CONNECT to host:port is a name and a port', () => {
    expect(named({ url: { original: 'pool.minexmr.com:3333' } })).toEqual(['minexmr.com', '3333']);
  });
});

describe('process: by its file name, its original name, its hash', () => {
  const [md5, sha1, sha256] = HASHES;

  test.each<[string, object, string[]]>([
    ['a path of Windows', { process: { executable: 'C:\\Temp\\XMRig.EXE' } }, ['xmrig.exe']],
    ['a path of Linux', { process: { executable: '/var/tmp/.x/xmrig' } }, ['xmrig']],
    ['other case on Linux', { process: { executable: '/opt/XMRIG' } }, []],
    ['renamed', { process: { name: 'svchost.exe', pe: { original_file_name: 'xmrig.exe' } } }, ['xmrig.exe']],
    ['the parent', { process: { parent: { name: 'xmrig.exe' } } }, ['xmrig.exe']],
    ['a name that ends alike', { process: { name: 'notxmrig.exe' } }, []],
    ['a folder of that name', { process: { executable: '/opt/xmrig/readme' } }, []],
    ['a hash', { process: { hash: { sha256: sha256.toUpperCase() } } }, [sha256]],
    ['hashes of Sysmon', { winlog: { event_data: { Hashes: `SHA1=${sha1.toUpperCase()},MD5=${md5}` } } }, [sha1, md5]],
    ['a file', { file: { hash: { sha1 } } }, [sha1]],
    ['a name of a file at rest', { file: { name: 'xmrig.exe', path: 'C:\\xmrig.exe' } }, []],
    ['the first argument', { process: { args: ['/usr/bin/xmrig', '-B'] } }, ['xmrig']],
    ['another argument', { process: { args: ['ls', 'xmrig'] } }, []],
  ])('%s', (_what, event, found) => {
    expect(named({ host: { name: 'pc1' }, ...event })).toEqual(found);
  });
});

describe('command line: texts anywhere in it', () => {
  test.each<[string, object, string[]]>([
    ['text', { process: { command_line: 'x -o STRATUM+TCP://a:1' } }, ['stratum+tcp://']],
    ['the parent', { process: { parent: { command_line: 'x --donate-level 1' } } }, ['--donate-level']],
    ['across arguments', { process: { args: ['xmr', '-o', 'pool.example:3333'] } }, [' -o pool.']],
    ['excluded', { process: { args: ['gcc', '-o', 'pool.o', 'x.c'] } }, []],
    ['arguments of two processes', { process: { args: ['xmr', '-o'], parent: { args: ['pool.example'] } } }, []],
    ['raw Sysmon', { winlog: { event_data: { CommandLine: 'x stratum+tcp://a' } } }, ['stratum+tcp://']],
    ['a service', { winlog: { event_data: { ImagePath: 'x stratum+tcp://a' } } }, ['stratum+tcp://']],
  ])('%s', (_what, event, found) => {
    expect(named({ host: { name: 'pc1' }, ...event }, 'command-line')).toEqual(found);
  });

  test('what is written of a long one is cut', () => {
    const evidence = matcher.match({ process: { command_line: `${'a'.repeat(5000)} stratum+tcp://x` } });
    expect(evidence?.matches[0]?.observable.value).toHaveLength(1025);
  });
});

describe('user agent and signature: texts as a whole', () => {
  test.each<[EventDocument, string[]]>([
    [{ user_agent: { original: 'xmrig/6.21.0 (Linux)' } }, ['XMRig/*']],
    [{ user_agent: { original: 'Mozilla/5.0 XMRig/6' } }, []],
    [{ user_agent: { name: 'XMRig/6' } }, []],
    [{ rule: { name: 'ET COINMINER cryptocurrency miner Checkin' } }, ['*Cryptocurrency Miner*']],
    [{ alert: { signature: 'ET POLICY Cryptocurrency Miner Checkin' } }, ['*Cryptocurrency Miner*']],
    [{ rule: { category: 'Cryptomining' } }, ['Cryptomining']],
    [{ cisco: { umbrella: { categories: ['Business', 'Cryptomining'] } } }, ['Cryptomining']],
    [{ rule: { category: 'No Cryptomining' } }, []],
  ])('%j', (event, found) => {
    expect(named(event)).toEqual(found);
  });
});

const withNames = (alternative_names: string[], rest: object = {}): EventDocument => ({
  tls: { server: { x509: { alternative_names } } },
  ...rest,
});

describe('names in the certificate of a server', () => {
  const others = Array.from({ length: 20 }, (_, i) => `a${i}.example.org`);

  test.each<[string, EventDocument, number]>([
    ['a wildcard', withNames(['*.minexmr.com', 'other.example']), 1],
    ['a subject', { tls: { server: { x509: { subject: { common_name: 'minexmr.com' } } } } }, 1],
    [
      'beside a server name',
      { tls: { client: { server_name: 'good.example' }, server: { subject: 'CN=minexmr.com' } } },
      0,
    ],
    ['beside a name of the destination', withNames(['minexmr.com'], { destination: { domain: 'good.example' } }), 0],
    ['beside a name of the client', withNames(['minexmr.com'], { source: { domain: 'pc1.example' } }), 1],
    ['shared by 20', withNames(['minexmr.com', ...others.slice(1)]), 1],
    ['shared by more', withNames(['minexmr.com', ...others]), 0],
  ])('%s', (_what, event, found) => {
    expect(named(event)).toHaveLength(found);
  });
});

describe('points', () => {
  const denied = { event: { type: ['denied'] } };
  const ours = { source: { ip: '10.1.2.3' }, destination: { ip: '9.9.9.9' } };
  const theirs = { source: { ip: '9.9.9.9' }, destination: { ip: '10.1.2.3' } };
  const url = { url: { full: 'https://cdn.example/lib/miner.js' } };
  const browser = { url: { full: 'https://ads.example/m/' } };
  const agent = { user_agent: { original: 'XMRig/6' } };
  const signature = { rule: { category: 'Cryptomining' } };
  const process = { process: { name: 'xmrig.exe' } };
  const command = { process: { command_line: 'x --donate-level=1' } };
  const stratum = { process: { command_line: 'x -o stratum+tcp://pool' } };
  const payload = { message: SUBSCRIBE };

  test.each<[string, object, readonly [let_through: number, denied: number, inbound: number], string]>([
    ['url', url, [73, 47, 37], 'name'],
    ['url of a browser miner', browser, [73, 37, 37], 'name'],
    ['user agent', agent, [73, 47, 37], 'content'],
    ['signature', signature, [73, 47, 37], 'content'],
    ['process', process, [73, 73, 73], 'host'],
    ['command line', command, [73, 73, 73], 'host'],
    ['stratum command line', stratum, [99, 99, 99], 'host'],
    ['payload', payload, [99, 73, 50], 'content'],
  ])('%s', (_kind, what, scores, family) => {
    const seen = [
      matcher.match({ ...ours, ...what }),
      matcher.match({ ...ours, ...what, ...denied }),
      matcher.match({ ...theirs, ...what }),
    ];
    expect(seen.map((evidence) => evidence?.score)).toEqual(scores);
    expect(seen[0]?.matches.map((match) => match.family)).toEqual([family]);
  });

  test('only a payload or a stratum command line reaches 99', () => {
    const rest = { ...url, ...agent, ...signature, process: { name: 'xmrig.exe', command_line: 'x --donate-level=1' } };
    const pool = { destination: { ip: '37.59.43.131', port: 14_444 }, source: { ip: '10.1.2.3' } };
    expect(matcher.match({ ...pool, ...rest })).toMatchObject({ score: 98, severity: 'high', conclusive: false });
    expect(matcher.match({ ...ours, ...payload })).toMatchObject({ score: 99, severity: 'critical', conclusive: true });
    expect(matcher.match({ ...ours, ...stratum })).toMatchObject({ score: 99, severity: 'critical', conclusive: true });
    expect(matcher.match({ ...ours, ...payload, ...denied })).toMatchObject({ score: 73, severity: 'high' });
    expect(matcher.match({ ...ours, ...payload, ...stratum, ...denied })).toMatchObject({ score: 99 });
  });

  test('what is of low confidence counts half and never exceeds 46', () => {
    const weak = matcherOf({
      process: [{ value: 'xmrig.exe', confidence: 'low' }],
      url: [{ value: 'cdn.example/lib/miner.js', confidence: 'low' }],
      'user-agent': [{ value: 'XMRig/*', confidence: 'low' }],
    });
    expect(weak.match({ ...process })).toMatchObject({ score: 37, strong: false });
    expect(weak.match({ ...ours, ...process, ...url, ...agent })).toMatchObject({ score: 46, strong: false });
  });

  test('a denied signature of a browser miner is no name', () => {
    const own = matcherOf({ signature: [{ value: 'Coinhive script', category: 'browser-miner' }] });
    expect(own.match({ ...ours, ...denied, rule: { name: 'Coinhive script' } })?.score).toBe(47);
  });
});

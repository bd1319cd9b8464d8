import { describe, expect, test } from '@jest/globals';
import { compile } from '../../../src/lookups/compile.ts';
import type { Explanation } from '../../../src/matcher/explain.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { indicatorName } from '../../../src/model/indicator.ts';
import { excepting, explainedBy, OURS } from '../../support/explain.ts';
import { lookupOf, MINING, type RowsByKind, TODAY, tablesOf } from '../../support/tables.ts';

const tables = tablesOf();
const explain = explainedBy(tables);
const missesOf = ({ near_misses: misses }: Explanation) =>
  misses.map(({ reason, field, value, indicator, why }) => {
    return [reason, field, value, indicator === undefined ? undefined : indicatorName(indicator), why];
  });

describe('near misses', () => {
  const udp = { value: 4444, transport: 'udp' } as const;
  test.each<[string, EventDocument, readonly unknown[], RowsByKind?]>([
    [
      'a name that only ends alike',
      { dns: { question: { name: 'notminexmr.com' } } },
      ['label', 'dns.question.name', 'notminexmr.com', 'minexmr.com'],
    ],
    [
      'a name that only begins alike',
      { dns: { question: { name: 'minexmr.com.example.org' } } },
      ['beginning', 'dns.question.name', 'minexmr.com.example.org', 'minexmr.com'],
    ],
    [
      'a name above a listed one',
      { url: { domain: 'example.org' } },
      ['below', 'url.domain', 'example.org', 'pool.example.org'],
      { domain: ['pool.example.org'] },
    ],
    [
      'the address of a socket with another port',
      { destination: { ip: '37.59.43.131', port: 443 } },
      ['port', 'destination.ip', '37.59.43.131', '37.59.43.131:14444'],
    ],
    [
      'the address of a socket without a port',
      { dns: { answers: { data: '37.59.43.131' } } },
      ['port', 'dns.answers.data', '37.59.43.131', '37.59.43.131:14444'],
    ],
    [
      'the address of a socket and its port on two sides',
      { source: { ip: '10.1.2.3', port: 14_444 }, destination: { ip: '37.59.43.131', port: 443 } },
      ['side', 'destination.ip', '37.59.43.131', '37.59.43.131:14444'],
    ],
    [
      'the host of a URL with another path',
      { url: { full: 'https://cdn.example/lib/other.js' } },
      ['path', 'url.full', 'cdn.example/lib/other.js', 'cdn.example/lib/miner.js'],
    ],
    [
      'the host of a URL without a path',
      { tls: { client: { server_name: 'cdn.example' } } },
      ['path', 'tls.client.server_name', 'cdn.example', 'cdn.example/lib/miner.js'],
    ],
    [
      'the host of a URL on the client side',
      { source: { domain: 'cdn.example' }, url: { path: '/lib/miner.js' } },
      ['side', 'source.domain', 'cdn.example', 'cdn.example/lib/miner.js'],
    ],
    [
      'a command line with what the row excludes',
      { process: { command_line: 'GCC -O2 -o pool.example' } },
      ['excludes', 'process.command_line', 'GCC -O2 -o pool.example', ' -o pool.'],
    ],
    [
      'a signature that is more than the row',
      { rule: { name: 'x Cryptomining y' } },
      ['whole', 'rule.name', 'x Cryptomining y', 'Cryptomining'],
    ],
    ['a program in other letters', { process: { name: 'XMRig' } }, ['case', 'process.name', 'XMRig', 'xmrig']],
    [
      'a method without its parameters',
      { message: '{"id":1,"method":"login","params":{"login":1}}' },
      ['parameters', 'message', 'login(login)', 'login'],
    ],
    [
      'a row of another transport',
      { destination: { port: 4444 }, network: { transport: 'tcp' } },
      ['transport', 'destination.port', '4444', '4444'],
      { port: [udp] },
    ],
    [
      'the port of the page that led here',
      { http: { request: { referrer: 'http://x.example:3333/' } } },
      ['side', 'http.request.referrer', '3333', '3333'],
    ],
    ['a port in a field that is not read', { my: { dst_port: '3333' } }, ['field', 'my.dst_port', '3333', '3333']],
    [
      'a name in a field that is not read',
      { my: [{ host: 'pool.minexmr.com' }] },
      ['field', 'my.host', 'pool.minexmr.com', 'minexmr.com'],
    ],
    [
      'a command line in a field that is read as something else',
      { message: 'started x -o pool.example' },
      ['field', 'message', 'started x -o pool.example', ' -o pool.'],
    ],
    [
      'a certificate beside the name of a server',
      {
        tls: { client: { server_name: 'good.example' }, server: { x509: { subject: { common_name: 'minexmr.com' } } } },
      },
      ['field', 'tls.server.x509.subject.common_name', 'minexmr.com', 'minexmr.com'],
    ],
    ['port 0', { destination: { port: 0 } }, ['unreadable', 'destination.port', '0', undefined]],
    ['port 65536', { destination: { port: '65536' } }, ['unreadable', 'destination.port', '65536', undefined]],
    ['no address', { source: { ip: 'ws-7' } }, ['unreadable', 'source.ip', 'ws-7', undefined]],
  ])('%s', (_what, event, miss, rows = MINING) => {
    const explanation = explainedBy(tablesOf(rows))(event);
    expect(explanation.matches).toEqual([]);
    expect(explanation).not.toHaveProperty('verdict');
    expect(missesOf(explanation)).toEqual([[...miss, expect.stringMatching(/\w/)]]);
  });

  test('no more than three of the URLs listed at one host', () => {
    const url = ['a', 'b', 'c', 'd'].map((path) => `git.example/${path}/`);
    const explanation = explainedBy(tablesOf({ url }))({ url: { domain: 'git.example' } });
    expect(missesOf(explanation).map((miss) => miss.at(-1))).toEqual(
      url.slice(0, 3).map((one) => `listed as ${one}, one of 4 there; no path is told`),
    );
  });

  test('an indicator that expired', () => {
    const old = lookupOf('domain', [{ value: 'old.example', expires: '2026-11-23' }, 'new.example']);
    const explanation = explainedBy(compile([old], TODAY))({ url: { domain: 'a.old.example' } });
    expect(missesOf(explanation)).toEqual([
      ['expired', 'url.domain', 'a.old.example', 'old.example', 'old.example was listed up to 2026-11-23'],
    ]);
  });

  test("a client's port where the configuration ignores it", () => {
    const explanation = explainedBy(tables, { ports: { client: 'ignore' } })({ source: { ...OURS, port: 3333 } });
    expect(missesOf(explanation)).toEqual([
      ['client-port', 'source.port', '3333', '3333', "`ports.client` is `ignore`: a client's port does not count"],
    ]);
  });

  test('an exception: of a single match it is a near miss, of all it is told of the event', () => {
    const event = { source: OURS, destination: { ip: '9.9.9.9', port: 3333 }, url: { domain: 'minexmr.com' } };
    const one = explainedBy(excepting({ indicator: 'minexmr.com' }))(event);
    expect(one.verdict?.score).toBe(21);
    expect(missesOf(one)).toEqual([['excepted', 'url.domain', 'minexmr.com', 'minexmr.com', 'excepted: our own pool']]);
    expect(one).not.toHaveProperty('excepted');
    const all = explainedBy(excepting({ entity: '10.1.2.3' }))(event);
    expect(all).toMatchObject({ excepted: 'our own pool', verdict: { score: 79 }, near_misses: [] });
  });

  test('none of what a tag says', () => {
    const tag = {
      tags: ['T1496', 'minexmr.com'],
      'threat.enrichments': [{ indicator: { name: 'minexmr.com', ip: '51.15.58.224', port: 3333 } }],
      related: { ip: ['51.15.58.224'] },
      minecanary: { indicator: ['minexmr.com'], score: 73, stage: 'worker', lookups: 'old', tagged: '2026-11-24' },
    };
    const explanation = explain({ ...tag, source: OURS });
    expect(explanation).toMatchObject({ matches: [], near_misses: [] });
    expect(explanation.tag).toEqual({ stage: 'worker', score: 73, tagged: '2026-11-24', lookups: 'old' });
  });
});

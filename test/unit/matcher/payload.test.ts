import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodePayload, rpcCalls } from '../../../src/matcher/payload.ts';
import { matcherOf } from '../../support/tables.ts';

const rpc = (method: string, params: unknown, rest: object = { id: 1 }) => JSON.stringify({ ...rest, method, params });

describe('calls that miners and pools make', () => {
  test.each<[string, string, string]>([
    ['Stratum', rpc('mining.subscribe', ['cgminer/4.11']), 'mining.subscribe()'],
    ['Stratum', rpc('mining.authorize', ['user.worker', 'x']), 'mining.authorize()'],
    ['Stratum', rpc('mining.submit', ['user.worker', 'bf', '00000001', '504e86ed', 'b2957c02']), 'mining.submit()'],
    ['Stratum from the pool', rpc('mining.notify', ['bf', '4d16', true], { id: null }), 'mining.notify()'],
    [
      'Stratum from the pool',
      '{"params": [512], "id": null, "method": "mining.set_difficulty"}',
      'mining.set_difficulty()',
    ],
    [
      'XMRig',
      rpc('login', { login: '4x', pass: 'x', agent: 'XMRig/6', algo: ['rx/0'] }, { id: 1, jsonrpc: '2.0' }),
      'login(agent,algo,login,pass)',
    ],
    ['XMRig', rpc('submit', { id: 'a', job_id: 'b', nonce: 'c', result: 'd' }), 'submit(id,job_id,nonce,result)'],
    ['XMRig', rpc('keepalived', { id: 'a' }), 'keepalived(id)'],
    [
      'XMRig from the pool',
      rpc('job', { blob: '0e', job_id: 'b', target: 'b8' }, { jsonrpc: '2.0' }),
      'job(blob,job_id,target)',
    ],
    ['Ethereum', '{"id":0,"worker":"rig","method":"eth_submitLogin","params":["0xab"]}', 'eth_submitLogin()'],
    [
      'a node',
      rpc('getblocktemplate', [{ rules: ['segwit'] }], { jsonrpc: '1.0', id: 'x' }),
      'getblocktemplate(rules)',
    ],
    ['cut off', '{"id":1,"jsonrpc":"2.0","method":"job","params":{"blob":"0e0ed', 'job(blob)'],
    ['with blanks', '{ "id" : 1 , "method" : "mining.subscribe" , "params" : [ ] }', 'mining.subscribe()'],
    ['over lines', JSON.stringify({ id: 1, method: 'mining.subscribe', params: [] }, null, 2), 'mining.subscribe()'],
    ['with quotes in its texts', rpc('mining.authorize', ['a"b\\', '{"}']), 'mining.authorize()'],
    ['in a line of a log', `2026-11-24 10.1.2.3 > ${rpc('mining.subscribe', [])} (sent)`, 'mining.subscribe()'],
  ])('%s: %s', (_what, text, call) => {
    expect(rpcCalls(text)).toEqual([call]);
  });

  test('several in a text, each once', () => {
    const lines = ['mining.subscribe', 'mining.authorize', 'mining.subscribe'].map((method) => rpc(method, []));
    expect(rpcCalls(lines.join('\n'))).toEqual(['mining.subscribe()', 'mining.authorize()']);
  });

  test('within JSON, and within JSON within JSON, also beside a method of its own', () => {
    const inner = {
      id: 7,
      method: 'POST',
      params: {},
      payload_printable: `${rpc('submit', { nonce: '00', id: 'a' })}\n`,
    };
    const once = JSON.stringify(inner);
    expect(rpcCalls(once)).toEqual(['POST()', 'submit(id,nonce)']);
    expect(rpcCalls(JSON.stringify({ event: { original: once } }))).toEqual(['POST()', 'submit(id,nonce)']);
  });
});

describe('what only speaks of calls', () => {
  test.each<[string, string]>([
    ['an article', 'A miner calls `mining.subscribe`, then "mining.authorize"; both methods take params and an id.'],
    ['an article that quotes', 'The "method":"mining.subscribe" stands beside params and an id.'],
    ['no frame', '{"method":"getblocktemplate"}'],
    ['no parameters', '{"id":1,"method":"getblocktemplate"}'],
    ['neither id nor version', '{"method":"getblocktemplate","params":[]}'],
    ['a method alone', '{"method":"submit"}'],
    ['parameters of another object', '{"method":"login"} {"id":1,"params":{"login":"a","pass":"b","agent":"c"}}'],
    ['parameters of the object around', '{"id":1,"params":[],"x":{"method":"login"}}'],
    ['a method in parameters', '{"id":1,"params":{"method":"login"},"call":"x"}'],
    ['an array', '["id","params",{"id":1}, "method":"login"]'],
    ['a method that is no text', '{"id":1,"method":{"a":"login"},"params":[]}'],
    ['a form', 'method=login&params=x&id=1'],
    ['HTTP', '{"http":{"request":{"method":"GET","id":"1"}},"params":[]}'],
  ])('%s', (_what, text) => {
    expect(rpcCalls(text)).toEqual([]);
  });

  test('a login of an ordinary application has other parameters', () => {
    const matcher = matcherOf();
    const login = (params: object) => matcher.match({ message: rpc('login', params, { id: 1, jsonrpc: '2.0' }) });
    expect(login({ username: 'me', password: 'x' })).toBeUndefined();
    expect(login({ login: 'me', pass: 'x' })).toBeUndefined();
    expect(login({ login: '4x', pass: 'x', agent: 'y' })?.matches[0]?.observable.value).toBe('login(agent,login,pass)');
    expect(matcher.match({ message: '{"method":"submit"}' })).toBeUndefined();
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ':',
    ',',
    '"method":"a.b"',
    '"params":',
    '"id":1',
    '\\"method\\":\\"abc\\"',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 60 }).map((some) => some.join('')),
  );

  test('never throws, and finds what is put into it', () => {
    let put = 0;
    fc.assert(
      fc.property(texts, texts, fc.nat(2), (before, after, escapes) => {
        let call = rpc('mining.subscribe', []);
        for (let i = 0; i < escapes; i += 1) call = JSON.stringify(call).slice(1, -1);
        expect(() => [rpcCalls(before), decodePayload(before)]).not.toThrow();
        const found = rpcCalls(`${before}\n${call}${after}`);
        put += found.length;
        expect(found).toContain('mining.subscribe()');
      }),
      { numRuns: 1000 },
    );
    expect(put).toBeGreaterThan(999);
  });

  test.each<[string, string]>([
    ['methods without end', '{"method":"aaa","params":{"x":'],
    ['methods without objects', '"method":"aaa"'],
    ['calls', '{"id":1,"params":[],"method":"aaa"}'],
    ['backslashes', '\\'],
    ['quotes', '"method":"'],
    ['escaped quotes', '\\"'],
    ['braces', '{"'],
    ['hexadecimal', 'abcdef01'],
  ])('a megabyte of %s', (_what, unit) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    expect(rpcCalls(text).length).toBeLessThanOrEqual(1);
    expect(rpcCalls(decodePayload(text)).length).toBeLessThanOrEqual(1);
    expect(rpcCalls(`{"id":1,"method":"aaa","params":["${text}`).length).toBeLessThanOrEqual(1);
  });
});

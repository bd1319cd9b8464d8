import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createReader } from '../../../src/matcher/reader.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { matcherOf } from '../../support/tables.ts';

type Flat = Readonly<Record<string, string | number | readonly (string | number)[]>>;

const SAMPLES: readonly Flat[] = [
  {
    '@timestamp': '2026-11-24T05:00:00Z',
    'data_stream.namespace': 'berlin',
    'event.dataset': 'zeek.connection',
    'source.ip': '10.1.2.3',
    'source.port': 51_000,
    'source.nat.ip': '198.51.100.7',
    'destination.ip': '37.59.43.131',
    'destination.port': '14444',
    'destination.nat.port': 3333,
    'event.type': ['connection', 'denied'],
    'network.transport': 'tcp',
  },
  {
    'event.created': '2026-11-24T05:00:00Z',
    'winlog.computer_name': 'PC1',
    'winlog.event_data.QueryName': 'pool.minexmr.com',
    'dns.answers.data': ['pool.coinhive.com', '51.15.58.224'],
    'sysmon.dns.status': 'SUCCESS',
  },
  {
    'source.address': 'a free text',
    'url.original': 'minexmr.com:443',
    'network.forwarded_ip': '10.9.9.9',
    'network.direction': 'outbound',
  },
];

type Tree = { [key: string]: Tree | Flat[string] };

/** Writes a value under a path cut into keys at the given dots: `['source.nat', 'ip']`. Merges with what is there. */
function place(tree: Tree, keys: readonly string[], value: Flat[string]): void {
  const [key = '', ...rest] = keys;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const inner = (tree[key] ?? {}) as Tree;
  tree[key] = inner;
  place(inner, rest, value);
}

function cut(path: string, cuts: readonly boolean[]): string[] {
  const keys: string[] = [];
  for (const [i, segment] of path.split('.').entries()) {
    if (i === 0 || cuts[i - 1] === true) keys.push(segment);
    else keys.push(`${keys.pop()}.${segment}`);
  }
  return keys;
}

function spelled(
  flat: Flat,
  cutsOf: (field: string) => readonly boolean[],
  listed: (field: string) => boolean,
): EventDocument {
  const tree: Tree = {};
  for (const [field, value] of Object.entries(flat)) {
    place(tree, cut(field, cutsOf(field)), listed(field) && !Array.isArray(value) ? [value as string] : value);
  }
  return tree;
}

const matcher = matcherOf();
const at = (port: unknown) => matcher.match({ source: { ip: '10.1.2.3' }, destination: { ip: '9.9.9.9', port } });
const read = (event: EventDocument) => createReader([['a.b.c', 'old.c'], ['a.b'], ['x']]).read(event);

describe('one event in any spelling gives the same evidence', () => {
  test.each(SAMPLES)('nested, dotted, mixed, scalar or array: %#', (flat) => {
    const names = Object.keys(flat);
    const nested = spelled(
      flat,
      () => [true, true, true],
      () => false,
    );
    const evidence = matcher.match(nested);
    expect(evidence).toBeDefined();
    expect(matcher.match(flat)).toEqual(evidence);
    const cuts = fc.array(fc.boolean(), { minLength: 3, maxLength: 3 });
    const choice = fc.tuple(...names.map(() => fc.tuple(cuts, fc.boolean())));
    fc.assert(
      fc.property(choice, (choices) => {
        const of = (field: string) => choices[names.indexOf(field)];
        const event = spelled(
          flat,
          (field) => of(field)?.[0] ?? [],
          (field) => of(field)?.[1] ?? false,
        );
        expect(matcher.match(event)).toEqual(evidence);
      }),
      { numRuns: 200 },
    );
  });

  test('objects in arrays, and one field in two spellings', () => {
    const listed = { dns: { answers: [{ data: '9.9.9.9' }, { data: ['51.15.58.224'] }] } };
    const mixed = { dns: { 'answers.data': '9.9.9.9' }, 'dns.answers': { data: '51.15.58.224' } };
    expect(matcher.match(listed)?.matches[0]?.observable.field).toBe('dns.answers.data');
    expect(matcher.match(mixed)?.matches).toEqual(matcher.match(listed)?.matches);
  });

  test('a port as a number or as text, and nothing like one', () => {
    expect(at('3333')).toEqual(at(3333));
    expect(at(3333)?.score).toBe(21);
    for (const port of [
      '03333',
      ' 3333',
      '3333 ',
      3333.5,
      '3333.0',
      65_536,
      0,
      -3333,
      true,
      null,
      '',
      { value: 3333 },
    ]) {
      expect(at(port)).toBeUndefined();
    }
  });
});

describe('a reader', () => {
  test('reads each field under each of its names', () => {
    expect(read({ a: { b: { c: 1 } }, old: { c: 'two' } })[0]?.toSorted()).toEqual([1, 'two']);
  });

  test('takes strings, numbers and booleans, in the order of an array, and no objects or nulls', () => {
    expect(read({ x: [1, [null, 'two', [true]], { y: 3 }, 4] })).toEqual([undefined, undefined, [1, 'two', true, 4]]);
  });

  test('keeps apart a field and the fields under it', () => {
    expect(read({ a: [{ b: 'text' }, { b: { c: 'inner' } }] })).toEqual([['inner'], ['text'], undefined]);
  });

  test.each(['a.b.c.', '.a.b.c', 'a..b.c', 'A.b.c', 'a.b.c.d', 'b.c'])('%s is another field', (field) => {
    expect(read({ [field]: 1 })).toEqual([undefined, undefined, undefined]);
  });
});

import { EcsFlat } from '@elastic/ecs';
import { describe, expect, test } from '@jest/globals';
import { loadLookups } from '../../src/feeds/load.ts';
import { compile } from '../../src/lookups/compile.ts';
import { createMatcher } from '../../src/matcher/match.ts';
import { indicatorName } from '../../src/model/indicator.ts';
import {
  DATA_SOURCES,
  type Expectation,
  type SampleEvent,
  type SampleOptions,
  SOURCE_SAMPLES,
  sampleEvents,
} from '../support/sample/index.ts';
import { valuesOf } from '../support/values.ts';

const END = new Date('2026-03-02T00:00:00Z');
const DAY = 86_400_000;

function sample(options: Partial<SampleOptions> = {}): SampleEvent[] {
  return [...sampleEvents({ seed: 7, end: END, ...options })];
}

const events = sample();
const bySource = Map.groupBy(events, ({ source }) => source);

/** Names of all fields that hold a value. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => fieldsOf(element, path));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, path === '' ? key : `${path}.${key}`));
}

/** The host of `host`, `host.`, `host:port` or an URL. */
function hostOf(text: string): string {
  return text
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/[/:?].*$/, '')
    .replace(/\.$/, '');
}

function holds(value: unknown, { kind, indicator }: Expectation): boolean {
  const text = String(value);
  if (kind === 'port') return text === indicator || text.endsWith(`:${indicator}`);
  if (kind === 'address') return text === indicator;
  if (kind === 'socket') return text === indicator.slice(0, indicator.lastIndexOf(':'));
  if (kind === 'domain') return hostOf(text) === indicator || hostOf(text).endsWith(`.${indicator}`);
  if (kind === 'url') return text.includes(indicator) || indicator.endsWith(text);
  return indicator.split('*').every((piece) => text.includes(piece));
}

describe('the sample', () => {
  test('is the same for the same options and another for another seed', () => {
    const options = { perSource: 120, miningShare: 0.1 };
    expect(sample(options)).toEqual(sample(options));
    expect(sample(options)).not.toEqual(sample({ ...options, seed: 8 }));
  });

  test('has 1,000 events of every data source, each with an id of its own', () => {
    expect([...bySource.keys()].toSorted()).toEqual([...DATA_SOURCES].toSorted());
    for (const [, own] of bySource) expect(own).toHaveLength(1_000);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  test('gives as many events as asked for, and the share of mining', () => {
    const asked = sample({ perSource: 400, miningShare: 0.05 });
    expect(asked).toHaveLength(400 * DATA_SOURCES.length);
    expect(asked.filter(({ expected }) => expected.length > 0)).toHaveLength(20 * DATA_SOURCES.length);
    expect(sample({ perSource: 100, miningShare: 0 }).every(({ expected }) => expected.length === 0)).toBe(true);
  });

  test.each([
    ['a day', DAY],
    ['an hour', 3_600_000],
    ['less than a millisecond an event', 100],
  ])('happens and arrives within the window: %s', (_, span) => {
    for (const { document } of sample({ span, perSource: 200 })) {
      const time = Date.parse(String(document['@timestamp']));
      expect(time).toBeGreaterThanOrEqual(END.getTime() - span);
      expect(time).toBeLessThan(END.getTime());
      for (const ingested of valuesOf(document, 'event.ingested')) {
        expect(Date.parse(String(ingested))).toBeGreaterThanOrEqual(time);
        expect(Date.parse(String(ingested))).toBeLessThan(END.getTime());
      }
    }
  });

  test('has sources with and without the time of arrival', () => {
    const arriving = new Set(
      events.filter(({ document }) => valuesOf(document, 'event.ingested').length > 0).map(({ source }) => source),
    );
    expect(DATA_SOURCES.filter((source) => !arriving.has(source)).toSorted()).toEqual(['application', 'sysmon']);
  });

  test('names the data stream that an index is of', () => {
    for (const { index, document } of events) {
      const dataset = String(valuesOf(document, 'data_stream.dataset')[0]);
      expect(index).toBe(`logs-${dataset}-default`);
      expect(valuesOf(document, 'event.dataset')).toEqual([dataset]);
    }
  });

  test('has documents in all spellings: dotted names, arrays, scalars, ports as text', () => {
    const seen = (field: string) =>
      events.flatMap(({ document }) => valuesOf(document, field)).map((port) => typeof port);
    expect(new Set(seen('destination.port'))).toEqual(new Set(['number', 'string']));
    expect(new Set(seen('source.port'))).toEqual(new Set(['number', 'string']));
    expect(new Set(seen('winlog.event_data.DestPort'))).toEqual(new Set(['string']));
    expect(events.some(({ document }) => 'destination.port' in document)).toBe(true);
    for (const [group, name] of [
      ['event', 'category'],
      ['related', 'ip'],
      ['destination', 'ip'],
    ] as const) {
      const forms = events.map(({ document }) => (document[group] as Record<string, unknown> | undefined)?.[name]);
      expect(forms.some((form) => Array.isArray(form))).toBe(true);
      expect(forms.some((form) => typeof form === 'string')).toBe(true);
    }
  });
});

describe('mining in the sample', () => {
  const mining = events.filter(({ expected }) => expected.length > 0);

  test.each(DATA_SOURCES)("%s is mostly benign and has evidence of today's kinds", (source) => {
    const own = mining.filter((event) => event.source === source);
    expect(own).toHaveLength(15);
    const kinds = own.flatMap(({ expected }) => expected.map(({ kind }) => kind));
    expect(kinds.some((kind) => ['port', 'domain', 'address', 'socket'].includes(kind))).toBe(true);
  });

  test('every expectation stands in its document, in the field it names', () => {
    for (const { id, document, expected } of mining) {
      for (const expectation of expected) {
        const values = valuesOf(document, expectation.field);
        expect([id, expectation, values, values.some((value) => holds(value, expectation))]).toEqual([
          id,
          expectation,
          values,
          true,
        ]);
      }
    }
  });

  test('every kind is there', () => {
    const kinds = new Set(mining.flatMap(({ expected }) => expected.map(({ kind }) => kind)));
    expect([...kinds].toSorted()).toEqual([
      'address',
      'command-line',
      'domain',
      'payload',
      'port',
      'process',
      'signature',
      'socket',
      'url',
      'user-agent',
    ]);
  });

  test('each story has at most three shapes in a source, so that the default shows all of them', () => {
    for (const { mining: stories } of SOURCE_SAMPLES) {
      for (const shapes of Object.values(stories)) {
        expect(shapes.length).toBeGreaterThanOrEqual(1);
        expect(shapes.length).toBeLessThanOrEqual(3);
      }
    }
  });

  test('the matcher finds in each event what is expected, and nothing else, by the shipped lookups', async () => {
    const tables = compile(await loadLookups(['lookups']), '2026-11-24');
    const matcher = createMatcher(tables);
    for (const { id, document, expected } of events) {
      const { matches = [] } = matcher.match(document) ?? {};
      // The matcher names one field where a value stands in several.
      const found = new Set(
        matches.map(({ observable, indicator }) => `${observable.kind} ${indicatorName(indicator)}`),
      );
      const hidden = expected.filter(({ kind }) => kind in tables.byKind);
      const sought = new Set(hidden.map(({ kind, indicator }) => `${kind} ${indicator}`));
      expect([id, [...found].toSorted()]).toEqual([id, [...sought].toSorted()]);
    }
  });
});

describe('look-alikes in the sample', () => {
  const lookAlikes = events.filter(({ lookAlike }) => lookAlike !== undefined);

  test.each(DATA_SOURCES)('%s has some, and none is mining', (source) => {
    const own = lookAlikes.filter((event) => event.source === source);
    expect(own.length).toBeGreaterThanOrEqual(35);
    expect(own.every(({ expected }) => expected.length === 0)).toBe(true);
  });

  test.each([
    ['dns.question.name', 'notminexmr.com'],
    ['dns.question.name', 'minexmr.com.example.org'],
    ['dns.question.name', 'pool.ntp.org'],
    ['destination.port', 33330],
    ['netflow.exporter.address', '192.0.2.1:4444'],
    ['destination.ip', '172.65.0.1'],
    ['observer.ip', '163.172.226.194'],
    ['url.path', '/apps/wallet/overview'],
    ['process.command_line', 'gcc -O2 -c pool.c -o pool.o'],
  ])('%s is %s somewhere', (field, value) => {
    expect(lookAlikes.some(({ document }) => valuesOf(document, field).includes(value))).toBe(true);
  });
});

test('every field of the sample is of ECS or of a product that is no part of ECS', () => {
  const products = [
    'aws',
    'cisco',
    'f5',
    'fortinet',
    'haproxy',
    'netflow',
    'nginx',
    'panw',
    'squid',
    'suricata',
    'winlog',
    'zeek',
  ];
  // What Zeek's, Packetbeat's and Netflow's own shapes put at the root or beside ECS fields.
  const others =
    /^(dns\.question\.domain|dns\.answers_count|query|resource|status|flow\.(id|locality)|(source|destination)\.locality)$/;
  const fields = new Set(events.flatMap(({ document }) => fieldsOf(document)));
  const strange = [...fields].filter(
    (field) => !(field in EcsFlat) && !products.includes(field.split('.', 1)[0] ?? '') && !others.test(field),
  );
  expect(strange).toEqual([]);
});

test.each(['event.kind', 'event.category', 'event.type', 'event.outcome'] as const)('%s has values of ECS', (field) => {
  const allowed = new Set(EcsFlat[field].allowed_values.map(({ name }) => name));
  const values = new Set(events.flatMap(({ document }) => valuesOf(document, field)).map(String));
  expect([...values].filter((value) => !allowed.has(value))).toEqual([]);
});

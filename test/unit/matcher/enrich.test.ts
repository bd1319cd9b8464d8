import { EcsFlat } from '@elastic/ecs';
import { describe, expect, test } from '@jest/globals';
import { eventReason } from '../../../src/matcher/sentence.ts';
import type { EventDocument } from '../../../src/model/event.ts';
import { CONNECTED, evidenceOf, flat, type Json, LOOKED_UP, made, SEEN, TAG } from '../../support/tags.ts';

describe('what a tag holds', () => {
  const all = made(CONNECTED);

  test('of a name', () => {
    expect(TAG.threat.enrichments).toEqual([
      {
        indicator: {
          type: 'domain-name',
          name: 'minexmr.com',
          url: { domain: 'minexmr.com' },
          confidence: 'High',
          provider: 'us',
          reference: 'https://example.org/',
          description: 'closed in 2022',
          ...SEEN,
        },
        matched: {
          atomic: 'pool.minexmr.com',
          field: 'dns.question.name',
          id: 'minexmr.com',
          index: 'test-domain',
          occurred: '2026-11-24T10:00:00.000Z',
          type: 'indicator_match_rule',
        },
      },
    ]);
    expect(TAG.minecanary).toEqual({
      version: '1.0.0',
      lookups: 'digest-a',
      stage: 'worker',
      score: 73,
      severity: 'high',
      incident: { id: 'incident-1' },
      tagged: '2026-11-24T10:00:00.000Z',
      kind: ['domain'],
      indicator: ['minexmr.com'],
      field: ['dns.question.name'],
      lookup: ['test-domain'],
      reason: '10.1.2.3 reached pool.minexmr.com (test-domain, high) in dns.question.name',
    });
  });

  test('of every kind of indicator: the value in the field of its type, no CIDR in `ip`', () => {
    const by = new Map(all.threat.enrichments.map(({ indicator }) => [indicator.name, indicator]));
    expect(by.get('3333')).toMatchObject({ type: 'port', port: 3333, confidence: 'Medium' });
    expect(by.get('37.59.43.131')).toMatchObject({ type: 'ipv4-addr', ip: '37.59.43.131', confidence: 'Low' });
    expect(by.get('37.59.43.131:14444')).toMatchObject({ type: 'ipv4-addr', ip: '37.59.43.131', port: 14444 });
    expect(by.get('94.130.12.0/24')).toMatchObject({ type: 'ipv4-addr' });
    expect(by.get('94.130.12.0/24')).not.toHaveProperty('ip');
    expect(made({ destination: { ip: '2001:41d0::5', port: 443 } }).threat.enrichments[0]?.indicator).toMatchObject({
      name: '[2001:41d0::5]:443',
      type: 'ipv6-addr',
      ip: '2001:41d0::5',
      port: 443,
    });
    expect(all.minecanary.kind).toHaveLength(new Set(all.minecanary.kind).size);
    expect(new Set(all.minecanary.kind)).toEqual(new Set(['port', 'domain', 'address', 'socket']));
    expect(all.minecanary).not.toHaveProperty('incident');
  });

  test('every field but our own is of ECS, an array where ECS says so, with the values ECS expects', () => {
    type Field = { type: string; normalize: string[]; expected_values?: string[]; ignore_above?: number };
    const fields = EcsFlat as unknown as Record<string, Field>;
    const written = flat({ tags: all.tags, threat: all.threat }).concat(flat({ threat: TAG.threat }));
    expect(written.filter(([name]) => !Object.hasOwn(fields, name))).toEqual([]);
    for (const [name, value] of written) {
      expect(fields[name]?.expected_values ?? [value]).toContain(value);
      if (fields[name]?.type === 'long') expect(value).toEqual(expect.any(Number));
    }
    for (const [name, array] of [
      ['tags', true],
      ['threat.framework', false],
      ['threat.tactic.id', true],
      ['threat.enrichments', true],
    ] as const) {
      const value = name.split('.').reduce<unknown>((inner, key) => (inner as Json)[key], all);
      expect([name, Array.isArray(value)]).toEqual([name, array]);
      expect(fields[name]?.normalize.includes('array')).toBe(array);
    }
  });
});

describe('the reason of an event', () => {
  const reasons: readonly [EventDocument, string][] = [
    [
      { ...LOOKED_UP, event: { type: 'denied' } },
      '10.1.2.3 tried to reach pool.minexmr.com (test-domain, high) in dns.question.name, denied',
    ],
    [
      { source: { ip: '10.1.2.3' }, destination: { ip: '8.8.8.8', port: 3333 } },
      '10.1.2.3 reached port 3333 (test-port, medium) in destination.port',
    ],
    [
      { source: { ip: '10.1.2.3', port: 4444 }, destination: { ip: '8.8.8.8', port: 443 } },
      '10.1.2.3 used port 4444 (test-port, medium) in source.port',
    ],
    [
      { source: { ip: '8.8.8.8' }, destination: { ip: '10.1.2.3', port: 4444 } },
      '10.1.2.3 was contacted from outside, port 4444 (test-port, medium) in destination.port',
    ],
    [
      { source: { ip: '10.1.2.3', port: 4444 }, destination: { ip: '37.59.43.131', port: 14444 } },
      '10.1.2.3 reached 37.59.43.131:14444 (test-address, medium) in destination.ip, and 2 more',
    ],
  ];
  test.each(reasons)('%j', (event, reason) => {
    expect(eventReason(evidenceOf(event))).toBe(reason);
  });

  test('names are cut, control characters left out', () => {
    const name = `a\u0000b\n\u001b[31m\u202ec${'\u{1F41A}'.repeat(300)}`;
    const reason = eventReason(evidenceOf({ ...LOOKED_UP, winlog: { computer_name: name } }));
    expect(reason).toMatch(/^ab\[31mc\u{1F41A}+\ufffd?… reached pool\.minexmr\.com \(test-domain, high\)/u);
    expect(reason.length).toBeLessThan(256 + 70);
    expect(reason.isWellFormed()).toBe(true);
  });
});

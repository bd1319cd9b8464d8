import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { DEFAULT_POLICY } from '../../../src/model/policy.ts';
import { sharedPolicy } from '../../../src/setup/shared-policy.ts';

function shared(...sources: readonly object[]) {
  const named = sources.map((source, i) => ({ name: `s${i}`, index: `s${i}-*`, ...source }));
  const text = JSON.stringify({ shared_hosts: ['10.0.0.53'], sources: named });
  const config = loadConfig({ env: {}, file: 'test.json', read: () => ({ text, mode: 0o600 }) });
  const notes: { index: string; note: string }[] = [];
  return { policy: sharedPolicy(config, notes), notes: notes.map(({ index, note }) => `${index}: ${note}`) };
}

describe('what holds for the events of all sources', () => {
  test('is all there is to say of one source', () => {
    const own = { timestamp: 'time', scope: 'site-1', fields: { 'destination.port': 'dport' } };
    expect(shared(own)).toEqual({
      policy: {
        ...DEFAULT_POLICY,
        shared_hosts: ['10.0.0.53'],
        timestamp: 'time',
        scope: 'site-1',
        fields: { 'destination.port': ['dport'] },
      },
      notes: [],
    });
  });

  test('and of several that have the same', () => {
    const own = { timestamp: 'time', scope: 'site-1', fields: { 'destination.port': ['dport', 'dst'] } };
    expect(shared(own, own, own)).toEqual(shared(own));
  });

  test('is no setting that some lack or have otherwise: a note names each source that has one', () => {
    const both = { 'source.port': 'sport' };
    const { policy, notes } = shared(
      { scope: 'site-1', fields: { ...both, 'destination.port': 'dport' } },
      { scope: 'site-2', timestamp: 'time', fields: { ...both, 'destination.port': 'dst' } },
      { fields: both },
    );
    expect(policy).toEqual({
      ...DEFAULT_POLICY,
      shared_hosts: ['10.0.0.53'],
      fields: { 'source.port': ['sport'] },
    });
    const WHY = 'the ingest pipeline is one for all sources, and';
    const END = 'the worker corrects the tags of its events';
    expect(notes).toEqual([
      `source s0: ${WHY} does not know its names of fields, and does not know its scope: ${END}`,
      `source s1: ${WHY} reads the time of an event from another field, and does not know its names of fields, and does not know its scope: ${END}`,
    ]);
  });
});

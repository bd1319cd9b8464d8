import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DAY_MS, isoTime } from '../../src/model/time.ts';
import type { Check } from '../../src/setup/doctor/check.ts';
import { LAYOUT } from '../../src/setup/install.ts';
import type { FieldPlan } from '../../src/sources/elasticsearch.ts';
import { type Ended, runCli, temporaryFolder } from '../support/cli.ts';
import { elasticsearchUrl } from '../support/elasticsearch.ts';
import { refusing } from '../support/stand-in.ts';
import { lookupText, MINING } from '../support/tables.ts';
import { type Corner, daysAgo, openCorner } from '../support/worker.ts';

const folder = temporaryFolder();
const lookups = folder.folder('lookups');
folder.file('lookups/domains.json', lookupText('domain', MINING.domain ?? []));
const PORT = { properties: { port: { type: 'integer' as const } } };
const PROPERTIES = {
  '@timestamp': { type: 'date' as const },
  destination: PORT,
  dns: { properties: { question: { properties: { name: { type: 'keyword' as const } } } } },
};

let corner: Corner;
beforeAll(async () => void (corner = await openCorner()));
afterAll(async () => {
  await corner.close();
  folder.remove();
});

interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly Check[];
  readonly configuration: { readonly effective: object; readonly origins: Readonly<Record<string, string>> };
  readonly sources: readonly { readonly name: string; readonly fields: readonly FieldPlan[] }[];
}

function configOf(given: object): string {
  return folder.file('minecanary.json', { lookups: [lookups], ...given });
}

function doctor(given: object, args: readonly string[] = [], url = elasticsearchUrl()): Promise<Ended> {
  return runCli(['doctor', ...args, '--config', configOf(given)], { env: { ELASTICSEARCH_URL: url } });
}

async function diagnosis(given: object, code = 0, url?: string): Promise<Diagnosis> {
  const ended = await doctor(given, ['--json'], url);
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' });
  return JSON.parse(ended.stdout) as Diagnosis;
}

/** What is said of an area, with its state before it. */
function said({ checks }: Diagnosis, area: string): string[] {
  return checks.filter((check) => check.area === area).map(({ state, what }) => `${state}: ${what}`);
}

describe('of a source', () => {
  test('tells how each field would be read, what is not mapped, and what can not be tagged', async () => {
    await corner.index('-plain', { mappings: { properties: PROPERTIES } });
    await corner.index('-sealed', {
      mappings: { properties: PROPERTIES, _source: { excludes: ['secret'] } },
    });
    const now = Date.now();
    await corner.put(`${corner.name}-plain`, {
      good: { '@timestamp': daysAgo(1), destination: { port: 3333 } },
      none: { destination: { port: 3333 } },
      ahead: { '@timestamp': isoTime(now + 3 * DAY_MS) },
      old: { '@timestamp': isoTime(now - 500 * DAY_MS) },
    });
    const found = await diagnosis({ sources: [{ name: 'mine', index: `${corner.name}-*` }] });
    expect(said(found, 'source mine')).toEqual([
      'ok: 2 indices, in 2 groups of equal mappings',
      'ok: 2 fields of the catalogue',
      "warning: events of 1 indices can't be tagged: _source is filtered, and an update would destroy what the filter leaves out",
      'warning: 1 indices lack fields of the tag',
      'warning: 2 of 2 indices have no event.ingested: what comes more than 7d late is not found by itself',
      'warning: of 4 events, 1 have no @timestamp and 1 one more than a day ahead: they count as undated',
      'warning: 1 events are older than the retention of 13mo and count as undated',
    ]);
    expect(found.sources).toMatchObject([{ name: 'mine' }]);
    expect(new Set(found.sources[0]?.fields.map(({ field, strategy }) => `${field} ${strategy}`))).toEqual(
      new Set(['destination.port terms', 'dns.question.name sweep']),
    );
    expect(found.ok).toBe(true);
  });

  test('tells of fields without an index, and of times that are none', async () => {
    const index = await corner.index('-odd', {
      mappings: { dynamic: false, properties: { '@timestamp': { type: 'keyword' } } },
    });
    const found = await diagnosis({ sources: [{ name: 'odd', index, tag: false }] });
    expect(said(found, 'source odd')).toEqual([
      'ok: 1 indices, in 1 groups of equal mappings',
      'warning: none of its fields can match',
      'ok: its events are not tagged, as `sources[].tag` says',
      'warning: 1 of 1 indices have no event.ingested: what comes more than 7d late is not found by itself',
      'warning: 1 indices map @timestamp as no date: their events count as undated, and no range finds them',
    ]);
  });

  test('fails where a named index is missing, warns where a pattern fits none, and looks at the others', async () => {
    const found = await diagnosis(
      {
        sources: [
          { name: 'gone', index: `${corner.name}-nowhere` },
          { name: 'empty', index: `${corner.name}-nothing-*` },
        ],
      },
      1,
    );
    expect(said(found, 'source gone').join()).toMatch(
      /^failed: Reading what \S+-nowhere holds failed: .*no such index/,
    );
    expect(said(found, 'source empty')).toEqual([`warning: no open index fits ${corner.name}-nothing-*`]);
    expect(said(found, 'clock')).toHaveLength(1);
  });
});

/** Of which no index is there. */
function nothing() {
  return [{ name: 'mine', index: `${corner.name}-none-*` }];
}

describe('of the server', () => {
  test('tells version, licence, that security is off, and what is set up', async () => {
    const found = await diagnosis({ sources: nothing() });
    expect(said(found, 'elasticsearch')[0]).toMatch(/^ok: it answers, version \d+\.\d+\.\d+$/);
    expect(said(found, 'privileges').join()).toMatch(/^warning: security is off/);
    expect(said(found, 'setup')[0]).toBe(`ok: set up, layout ${LAYOUT}`);
    expect(said(found, 'clock')).toEqual(["ok: this machine's clock and that of Elasticsearch agree"]);
  });

  test('that is away: says so, with what can be said of the rest', async () => {
    const ended = await doctor({ sources: nothing() }, [], 'http://127.0.0.1:1');
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    expect(ended.stdout).toMatch(/FAILED {3}Asking Elasticsearch failed: the connection failed/);
    expect(ended.stdout).toMatch(/-> Check that it runs and that `elasticsearch.node` names it\./);
    expect(ended.stdout).toMatch(/^lookups\n {2}ok/m);
  });

  test('that refuses the credentials: says so', async () => {
    const server = await refusing(401, 'security_exception', 'unable to authenticate');
    try {
      const found = await diagnosis({ sources: nothing() }, 1, server.url);
      expect(said(found, 'elasticsearch')).toEqual([
        'failed: Asking Elasticsearch failed: the credentials were refused (401)',
      ]);
    } finally {
      await server.close();
    }
  });
});

test('of an older server, which does not take the headers: says so', async () => {
  const reason = 'Invalid media-type value on headers [Accept]. Accept version must be 8 or 7';
  const server = await refusing(400, 'media_type_header_exception', reason);
  try {
    const found = await diagnosis({ sources: nothing() }, 1, server.url);
    expect(said(found, 'elasticsearch')).toEqual(['failed: version 8: minecanary knows 9.x and 8.19']);
  } finally {
    await server.close();
  }
});

describe('of configuration and lookups', () => {
  test('tells what is in effect and where it comes from, and hides secrets', async () => {
    const given = { sources: nothing(), lag: '2m', elasticsearch: { username: 'me', password: 'planted-secret' } };
    const found = await diagnosis(given);
    expect(found.configuration.origins).toMatchObject({
      'elasticsearch.node': 'environment variable ELASTICSEARCH_URL',
      lag: expect.stringMatching(/minecanary\.json$/),
    });
    expect(found.configuration.effective).toMatchObject({ lag: '2m', elasticsearch: { password: '(set)' } });
    const { stdout } = await doctor(given);
    expect(stdout).toMatch(/^ +lag: 2m \(\S+minecanary\.json\)$/m);
    expect(stdout + JSON.stringify(found)).not.toContain('planted-secret');
  });

  test('fails where lookups have faults, names them, and looks at the others', async () => {
    const bad = folder.folder('bad');
    folder.file('bad/ports.json', lookupText('port', [70_000]));
    const found = await diagnosis({ lookups: [bad], sources: nothing() }, 1);
    const check = found.checks.find(({ area }) => area === 'lookups');
    expect(check).toMatchObject({ state: 'failed', what: expect.stringMatching(/^The lookups have faults/) });
    expect(check?.details?.join()).toMatch(/ports\.json:\d+ \/rows\/0/);
    expect(said(found, 'elasticsearch')[0]).toMatch(/^ok/);
  });

  test('warns of exceptions that expired, and of rows that validate objects to', async () => {
    const doubtful = folder.folder('doubtful');
    folder.file('doubtful/domains.json', lookupText('domain', ['google.com']));
    folder.file('doubtful/exceptions.json', {
      exceptions: [{ entity: 'pc-7', reason: 'a rig', expires: '2026-01-31' }],
    });
    const found = await diagnosis({ lookups: [doubtful], sources: nothing() });
    expect(said(found, 'lookups')).toEqual([
      expect.stringMatching(/^ok: 1 lookups, 1 indicators, digest [0-9a-f]{32}$/),
      'warning: 1 of 1 exceptions have expired, and except nothing',
      expect.stringMatching(/^warning: `minecanary lookups validate` finds \d errors and \d warnings/),
    ]);
  });

  test('a configuration that can not be used ends it, with its faults and exit code 2', async () => {
    const ended = await doctor({ lagg: '1m' });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^error: The configuration .* can't be used:\n {2}\S+ .*lagg.*lag/s);
  });
});

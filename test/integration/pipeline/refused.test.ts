import { afterAll, describe, expect, test } from '@jest/globals';
import { PIPELINE } from '../../../src/convert/pipeline/pipeline.ts';
import { connect } from '../../../src/elastic/client.ts';
import { createRefresh } from '../../../src/setup/refresh.ts';
import { setup } from '../../../src/setup/setup.ts';
import { createLog } from '../../../src/telemetry/log.ts';
import { runCli } from '../../support/cli.ts';
import { elasticsearchUrl } from '../../support/elasticsearch.ts';
import { refusing } from '../../support/stand-in.ts';
import { tablesOf } from '../../support/tables.ts';
import { openCorner } from '../../support/worker.ts';

const NOTE =
  "it can't run here: parse_exception (400): No processor type exists with name [script]; the worker tags instead";

describe('where Elasticsearch has no scripts', () => {
  const env = { ELASTICSEARCH_URL: elasticsearchUrl() };

  test('setup says that it installs no pipeline, and is done', async () => {
    const one = await openCorner();
    try {
      const { changes, lacking } = await setup(one.client, one.config(), false);
      expect(lacking).toContainEqual({ index: PIPELINE, note: NOTE });
      expect(changes.filter((change) => change.includes(PIPELINE))).toEqual([]);
      await expect(one.client.ingest.getPipeline({ id: PIPELINE })).rejects.toMatchObject({ statusCode: 404 });
    } finally {
      await one.close();
    }
  });

  test('a dry run says so too, and ends with exit code 0', async () => {
    const { code, stdout } = await runCli(['setup', '--dry-run'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain(`note: ${PIPELINE}: ${NOTE}\n`);
  });

  test('doctor does not warn of it', async () => {
    const { stdout } = await runCli(['doctor', '--json'], { env });
    const { checks } = JSON.parse(stdout) as { checks: readonly object[] };
    expect(checks).toContainEqual({ area: 'setup', state: 'ok', what: `the ingest pipeline ${PIPELINE}: ${NOTE}` });
  });
});

describe('a worker that can not bring things up to date', () => {
  const one = openCorner();
  afterAll(async () => (await one).close());

  async function told(status: number, type: string, reason: string) {
    const standIn = await refusing(status, type, reason);
    const client = connect({ node: [standIn.url] });
    const lines: string[] = [];
    const log = createLog({ stream: { write: (text) => lines.push(text) }, json: false, level: 'info' });
    const refresh = createRefresh({ client, config: (await one).config(), log });
    try {
      await refresh(tablesOf({ url: ['ads.example/m/'] }));
      await refresh(tablesOf({ url: ['cdn.example/m/'] }));
    } finally {
      await client.close();
      await standIn.close();
    }
    return lines;
  }

  test('says so once where a privilege is missing', async () => {
    expect(await told(403, 'security_exception', 'action [cluster:admin/ingest/pipeline/get] is unauthorized')).toEqual(
      [
        expect.stringMatching(
          /minecanary-enrich: it can't be kept up to date: a privilege is missing \(403\): .*the worker tags instead/,
        ),
      ],
    );
  });

  test('says so once where Elasticsearch is full, and fails nothing', async () => {
    expect(await told(429, 'circuit_breaking_exception', 'too much')).toEqual([
      expect.stringContaining('is not up to date, and is tried again before the next run'),
    ]);
  });
});

/** What others are told over HTTP: those who ask for metrics and health, and Kibana. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startCli } from '../support/cli.ts';
import { echo, heard, SECRETS, tracesIn } from '../support/secrets.ts';
import {
  DONE,
  EVENTS,
  expectNone,
  FAILED,
  type SecretsCorner,
  secretsCorner,
  USAGE,
} from '../support/secrets-corner.ts';
import { between, type Instead, refusedBulk } from '../support/secure/between.ts';
import { ADMIN, clientOf, PASSWORD, secureElasticsearch } from '../support/secure/elasticsearch.ts';

const { url, certificates } = secureElasticsearch();
const auth = { username: ADMIN, password: PASSWORD };
const secure = { node: url, ...auth, caFile: certificates.caFile };
const admin = clientOf(ADMIN);
let corner: SecretsCorner;
beforeAll(async () => {
  corner = await secretsCorner();
  await put('first');
  await corner.run(DONE, [['setup', '--config', corner.configOf('setup', secure)]]);
});
afterAll(async () => {
  await admin.indices.delete({ index: EVENTS, ignore_unavailable: true });
  await admin.close();
  await corner.close();
});

async function put(id: string): Promise<void> {
  const time = new Date().toISOString();
  const document = { '@timestamp': time, event: { ingested: time }, dns: { question: { name: 'a.minexmr.com' } } };
  await admin.index({ index: EVENTS, id, document, refresh: true });
}

describe('metrics and health', () => {
  const PATHS = ['/metrics', '/healthz', '/readyz', '/', `/${SECRETS.path}`, `/metrics?key=${SECRETS.query}`];

  /** Everything that is answered, headers too; whoever asks may give away secrets, and gets none back. */
  async function toldAt(at: string): Promise<string> {
    const answers = PATHS.flatMap((path) =>
      ['GET', 'HEAD', 'POST'].map(async (method) => {
        const answer = await fetch(`${at}${path}`, { method, headers: { authorization: `Bearer ${SECRETS.header}` } });
        return `${method} ${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`;
      }),
    );
    return (await Promise.all(answers)).join('\n');
  }

  /** What goes wrong, and what of it `/metrics` and `/readyz` tell. */
  const FAULTS: readonly (readonly [name: string, fault: Instead, told: RegExp])[] = [
    ['nothing but feeds and webhook', () => undefined, /^GET 200 .*ready\n/m],
    [
      'documents are refused for good',
      (line, body, said) =>
        line.includes('_bulk') && body.includes('minecanary-matches') ? refusedBulk(body, said) : undefined,
      /^minecanary_events_failed_total\{[^}]*\} [1-9]/m,
    ],
    [
      'Elasticsearch fails, and says back what it hears',
      (line, _, said) =>
        line.includes('_field_caps')
          ? [503, JSON.stringify({ error: { type: 'timeout_exception', reason: said }, status: 503 })]
          : undefined,
      /^GET 503 .*not ready: .*the last one failed: /m,
    ],
    [
      'the source is refused, with the credentials said back',
      (line, _, said) =>
        line.includes('_field_caps')
          ? [403, JSON.stringify({ error: { type: said, reason: said }, status: 403 })]
          : undefined,
      /^GET 503 .*not ready: .*the last one failed: /m,
    ],
  ];

  test('tell no secret, whatever fails', async () => {
    corner.outside.answer = echo(500, 'error');
    const state = { fault: FAULTS[0]?.[1], faults: 0 };
    const server = await corner.kept(
      between((line, body, said) => {
        const answer = state.fault?.(line, body, said);
        if (answer !== undefined) state.faults += 1;
        return answer;
      }),
    );
    const config = corner.configOf(
      'metrics',
      { node: server.url, ...auth },
      { metrics: { listen: '127.0.0.1:0' }, schedule: { interval: '1s' }, sweep: '1s' },
    );
    const worker = startCli(['run', '--config', config], { env: corner.env });
    let log = '';
    worker.child.stderr?.on('data', (data) => (log += String(data)));
    await worker.saying(/events seen/);
    const at = /Metrics and health are told on (http:[^"]+)"/.exec(log)?.[1] ?? '';
    try {
      for (const [name, instead, pattern] of FAULTS) {
        await put(name.replaceAll(' ', '-'));
        Object.assign(state, { fault: instead, faults: 0 });
        let told = '';
        while (!pattern.test(told) || (state.faults === 0 && name !== FAULTS[0]?.[0])) {
          await sleep(200);
          told = await toldAt(at);
          expect(told).toMatch(/^minecanary_/m);
          expect(tracesIn(told)).toEqual([]);
        }
      }
    } finally {
      worker.child.kill('SIGTERM');
      expectNone(await worker.ended);
    }
  });
});

function kibana(name: string, at: string): string[] {
  const config = corner.configOf(name, secure, { kibana: { url: at } });
  return ['setup', '--kibana', '--config', config];
}

describe('setup --kibana', () => {
  test.each([
    [401, 'error'],
    [403, 'page'],
    [500, 'error'],
    [200, 'text'],
    [200, 'broken JSON'],
    [500, 'broken JSON'],
    [302, 'redirect'],
  ] as const)('tells nothing of a Kibana that says back what it hears: %i, as %s', async (status, as) => {
    corner.outside.answer = echo(status, as);
    const before = corner.outside.requests;
    const command = kibana('kibana', corner.outside.url);
    const { stderr } = await corner.run(FAILED, [command, [...command, '--json']]);
    expect(corner.outside.requests).toBe(before + 2);
    expect(stderr).toContain('Importing saved objects into Kibana failed');
  });

  test.each([
    ['refused', 400, FAILED],
    ['already there', 409, DONE],
  ] as const)('nor where it names what is %s', async (_, status_code, codes) => {
    corner.outside.answer = (incoming, response) => {
      const said = heard(incoming);
      const errors = [{ id: said, rule_id: said, title: said, error: { status_code, type: said, message: said } }];
      incoming.resume().once('end', () => response.end(JSON.stringify({ success: false, errors })));
    };
    const command = kibana('kibana', `${corner.outside.url}/s/soc`);
    const { stdout, stderr } = await corner.run(codes, [command, [...command, '--json']]);
    // What it named is told, without what it heard.
    expect(`${stdout}${stderr}`).toContain('POST /s/soc/api/');
  });

  test('nor of a URL that carries credentials', async () => {
    const password = encodeURIComponent(SECRETS.password);
    const urls = [
      `http://elastic:${password}@kibana.example:5601`,
      `http://elastic:${SECRETS.query}@kibana.example:99999`,
      `https://kibana.example/?token=${SECRETS.query}`,
      `https://kibana.example/#${SECRETS.query}`,
      `kibana:${SECRETS.query}@kibana.example`,
      `//${SECRETS.query}@kibana.example`,
    ];
    const commands = urls.map((at, i) => kibana(`kibana-url-${i}`, at));
    const { stderr } = await corner.run(USAGE, commands);
    for (const i of urls.keys()) expect(stderr).toMatch(new RegExp(`kibana-url-${i}\\.json.*/kibana/url`));
    const config = corner.configOf('kibana-env', secure);
    for (const at of urls) {
      const told = await corner.run(USAGE, [['setup', '--kibana', '--config', config]], { KIBANA_URL: at });
      expect(told.stderr).toContain('KIBANA_URL');
    }
  });

  test('nor of one that can not be reached', async () => {
    for (const at of ['http://127.0.0.1:1', `http://127.0.0.1:1/s/${SECRETS.path}`]) {
      await corner.run(FAILED, [kibana('kibana-gone', at)]);
    }
  });
});

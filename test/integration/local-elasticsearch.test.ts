import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cleanUp, elasticsearchUrl, randomPrefix, testClient } from '../support/elasticsearch.ts';

const BOOT_MS = 300_000;
const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'minecanary-'));
chmodSync(folder, 0o755);

function command(word: 'up' | 'url' | 'down', environment: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  const env = { ...process.env, ELASTICSEARCH_URL: '', MINECANARY_ES_FOLDER: join(folder, 'server'), ...environment };
  return spawnSync(process.execPath, [join(ROOT, 'scripts/elasticsearch.ts'), word], { env, encoding: 'utf8' });
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/_cluster/health`).then(
    (response) => response.ok,
    () => false,
  );
}

/** A folder to be the whole PATH, with the programs named and nothing else of this machine. */
function pathWith(name: string, programs: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [program, script] of Object.entries(programs)) writeFileSync(join(path, program), script, { mode: 0o755 });
  for (const program of ['test', 'chmod', 'chown', 'mkdir']) {
    const found = spawnSync('sh', ['-c', `command -v -- /usr/bin/${program} /bin/${program}`], { encoding: 'utf8' });
    symlinkSync(found.stdout.split('\n')[0] ?? '', join(path, program));
  }
  return path;
}

afterAll(() => {
  command('down');
  rmSync(folder, { recursive: true, force: true });
});

describe('a server in a folder of its own', () => {
  let url = '';
  beforeAll(() => {
    const { status, stdout, stderr } = command('up', { MINECANARY_ES_HEAP: '256m' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    url = /http:\S+/.exec(stdout)?.[0] ?? '';
  }, BOOT_MS);

  test('answers, is found by the next start, told by url, and ended alone', async () => {
    expect(await answers(url)).toBe(true);
    expect(command('url').stdout).toBe(`${url}\n`);
    expect(command('up').stdout).toMatch(new RegExp(`^Already there: ${url} `));

    expect(command('down').stdout).toMatch(/^Ended: Elasticsearch 9\.5\.3, /);
    expect(await answers(url)).toBe(false);
    expect(await answers(elasticsearchUrl())).toBe(true);

    const { status, stdout, stderr } = command('url');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe('No local Elasticsearch runs: start it with `make es-up`.\n');
    expect(command('down').stdout).toBe('No local Elasticsearch runs.\n');
  }, 120_000);
});

test('a state left behind ends nobody else', async () => {
  const stale = join(folder, 'stale');
  mkdirSync(join(stale, 'node/logs'), { recursive: true });
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const state = { version: '9.5.3', mark: '-Dminecanary.server=gone', work: join(stale, 'node') };
  writeFileSync(join(stale, 'server.json'), JSON.stringify(state));
  writeFileSync(join(stale, 'node/pid'), `${bystander.pid}`);
  writeFileSync(join(stale, 'node/logs/http.ports'), `${new URL(elasticsearchUrl()).host}\n`);
  try {
    expect(command('url', { MINECANARY_ES_FOLDER: stale }).status).toBe(1);
    expect(command('down', { MINECANARY_ES_FOLDER: stale }).stdout).toBe('No local Elasticsearch runs.\n');
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  } finally {
    bystander.kill();
  }
});

test('what is missing is told in one sentence with the cure', () => {
  const bare = { JAVA_HOME: '', ES_JAVA_HOME: '', MINECANARY_JVMS: folder, MINECANARY_CACHE: join(folder, 'nothing') };
  const { status, stdout, stderr } = command('up', { ...bare, PATH: pathWith('bare', {}) });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe(
    'No Elasticsearch can be started: no Docker engine answers, and there is no Java 21 or newer and no Maven. ' +
      'Start Docker, or install Java 21 or newer and Maven, or set ELASTICSEARCH_URL to a server of yours.\n',
  );
});

test('a broken download is fetched once more past the local repository, then refused, and nothing is kept', () => {
  const cache = join(folder, 'cache');
  const java = '#!/bin/sh\necho " java.specification.version = 25" >&2\necho " java.home = /nowhere" >&2\n';
  const maven = `#!/bin/sh
for word; do case $word in -DoutputDirectory=*) echo broken > "\${word#*=}/elasticsearch-9.5.3.zip";; esac; done
[ "$1" = --version ] || echo "$*" >> ${join(folder, 'fetched')}
`;
  const PATH = pathWith('broken', { java, mvn: maven });
  const { status, stderr } = command('up', { PATH, JAVA_HOME: '', ES_JAVA_HOME: '', MINECANARY_CACHE: cache });
  expect(status).toBe(1);
  expect(stderr).toMatch(/broken archive of Elasticsearch 9\.5\.3: its SHA-256 is [0-9a-f]{64}, not bec49f3b/);
  const fetched = readFileSync(join(folder, 'fetched'), 'utf8').trim().split('\n');
  expect(fetched.map((line) => line.includes('-Dmaven.repo.local='))).toEqual([false, true]);
  expect(readdirSync(cache)).toEqual([]);
});

test('where a Docker engine answers, its container is bound to loopback, found again and removed by its id', () => {
  const own = join(folder, 'docker');
  // No engine runs on a test machine: the commands are noted, and the container's port is that of the test server.
  const docker = `#!/bin/sh
echo "$*" >> ${join(folder, 'asked')}
case $1 in
  run) echo c0ffee;;
  port) echo ${new URL(elasticsearchUrl()).host};;
  inspect) echo true;;
esac
`;
  const environment = { PATH: pathWith('engine', { docker }), MINECANARY_ES_FOLDER: own };
  expect(command('up', environment).stdout).toMatch(/^Ready after .* container c0ffee/);
  expect(command('up', environment).stdout).toMatch(/^Already there: .* container c0ffee/);
  expect(command('down', environment).stdout).toMatch(/^Ended: .* container c0ffee/);
  expect(readdirSync(own)).toEqual([]);

  const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
  expect(asked[0]).toBe('info');
  expect(asked.filter((line) => line.startsWith('run '))).toEqual([
    expect.stringMatching(/^run --detach --publish 127\.0\.0\.1::9200 .*\/elasticsearch:9\.5\.3$/),
  ]);
  expect(asked.slice(-2)).toEqual(['stop -t 30 c0ffee', 'rm c0ffee']);
});

describe('ELASTICSEARCH_URL', () => {
  test('is used and nothing is started; credentials in it are not told', () => {
    const named = elasticsearchUrl().replace('//', '//someone:secret@');
    expect(command('url', { ELASTICSEARCH_URL: named }).stdout).toBe(`${named}\n`);
    const environment = { ELASTICSEARCH_URL: elasticsearchUrl(), MINECANARY_ES_FOLDER: join(folder, 'unused') };
    expect(command('up', environment).stdout).toMatch(/^Already there: /);
    expect(readdirSync(folder)).not.toContain('unused');
  });

  test('that nothing answers at is an error with the cure', () => {
    const { status, stderr } = command('up', { ELASTICSEARCH_URL: 'http://someone:secret@127.0.0.1:9' });
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Nothing answers at http://127.0.0.1:9: correct or unset ELASTICSEARCH_URL, or start that server.\n',
    );
  });
});

test('cleanUp leaves nothing of its prefix and touches nothing else', async () => {
  const client = testClient();
  const [mine, other] = [randomPrefix(), randomPrefix()];
  for (const prefix of [mine, other]) {
    await client.cluster.putComponentTemplate({ name: `${prefix}-part`, template: {} });
    await client.indices.putIndexTemplate({
      name: `${prefix}-plain`,
      index_patterns: [`${prefix}-plain`],
      priority: 500,
    });
    const stream = { index_patterns: [`${prefix}-stream`], data_stream: {}, priority: 501 };
    await client.indices.putIndexTemplate({ name: `${prefix}-stream`, ...stream });
    for (const index of [`${prefix}-stream`, `${prefix}-plain`]) {
      await client.create({ index, id: '1', document: { '@timestamp': '2026-01-01T00:00:00Z' }, refresh: true });
    }
  }
  const absent = { ignore: [404] };
  const left = async (prefix: string) => {
    const { count } = await client.count({ index: `${prefix}*` });
    const { indices } = await client.indices.resolveIndex({ name: `${prefix}-plain*` });
    const { index_templates } = await client.indices.getIndexTemplate({ name: `${prefix}-plain*` }, absent);
    const { component_templates } = await client.cluster.getComponentTemplate({ name: `${prefix}*` }, absent);
    return [count, indices.length, index_templates.length, component_templates.length];
  };
  expect(await left(mine)).toEqual([2, 1, 1, 1]);
  await cleanUp(client, mine);
  expect(await left(mine)).toEqual([0, 0, 0, 0]);
  expect(await left(other)).toEqual([2, 1, 1, 1]);
  await cleanUp(client, other);
});

import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Ended, runCli, startCli, temporaryFolder } from '../../support/cli.ts';
import { elasticsearchUrl } from '../../support/elasticsearch.ts';
import { lookupText, MINING } from '../../support/tables.ts';
import { postedUntil, startReceiver, type TestReceiver, writeAlerts } from '../../support/webhook.ts';
import { around, type Corner, daysAgo, openCorner } from '../../support/worker.ts';

const folder = temporaryFolder();
const lookups = folder.folder('lookups');
folder.file('lookups/domains.json', lookupText('domain', MINING.domain ?? []));
afterAll(() => folder.remove());

let corner: Corner;
let receiver: TestReceiver;
beforeEach(async () => {
  corner = await openCorner();
  receiver = await startReceiver(corner.name);
  await postedUntil(corner);
});
afterEach(async () => {
  await receiver.close();
  await corner.close();
});

const keys = (): string[] => receiver.posts.map(({ key }) => key);

/** A configuration that reads the corner, and posts to the receiver. */
function configFile(timeout = '1s'): string {
  const { name } = corner;
  const headers = { Authorization: 'Bearer ${TOKEN}' };
  const webhook = { name, url: '${HOOK}', headers, insecure: true, timeout };
  const sources = [{ name, index: `${name}*`, scope: name }];
  return folder.file(`${name}.json`, {
    lookups: [lookups],
    lag: '0s',
    lease: { ttl: '1s' },
    alerts: { webhook },
    sources,
  });
}
const env = () => ({ ELASTICSEARCH_URL: elasticsearchUrl(), HOOK: `${receiver.url}/T0/s3cret`, TOKEN: 't0p-s3cret' });
/** Over events older than the horizon, which no other run on the server settles. */
const words = (): string[] => {
  const [from, to] = around(40);
  return ['run', '--from', from, '--to', to, '--config', configFile()];
};
const once = (): Promise<Ended> => runCli(words(), { env: env() });

async function events(): Promise<void> {
  const index = await corner.index('-dns');
  const dns = { question: { name: 'pool.minexmr.com' } };
  const event = (ip: string) => ({ '@timestamp': daysAgo(40), source: { ip }, dns });
  await corner.put(index, { a: event('10.0.0.1'), b: event('10.0.0.2'), c: event('10.0.0.3') });
}
/** Alerts of a run that was, with a source in which nothing is. */
async function alerts(): Promise<string[]> {
  await corner.index('-dns');
  return writeAlerts(corner, 2);
}

async function raised(): Promise<string[]> {
  return (await corner.alerts()).map(({ id }) => id).toSorted();
}

test('once posts the alerts of its run, and a further one posts nothing', async () => {
  await events();
  expect(await once()).toMatchObject({ code: 0 });
  expect(keys().toSorted()).toEqual(await raised());
  expect(receiver.posts).toHaveLength(3);
  expect(await once()).toMatchObject({ code: 0 });
  expect(receiver.posts).toHaveLength(3);
});

test('once warns of a receiver that is down, without its secrets, and is done', async () => {
  await events();
  receiver.answer = (response) => response.writeHead(500).end('t0p-s3cret');
  const { code, stdout, stderr } = await once();
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /"log.level":"warn".*Alerts are not acknowledged by the webhook at 127.0.0.1:\d+: it answers 500/,
  );
  const line = stderr.split('\n').find((text) => text.includes('Alerts are not acknowledged'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ 'minecanary.unit.id': expect.stringMatching(/^delivery:/) });
  expect(stdout + stderr).not.toMatch(/s3cret|\/T0/);
  receiver.answer = (response) => response.end();
  await once();
  expect(new Set(keys())).toEqual(new Set(await raised()));
});

test('that is killed after a post sends it again, with the same key, and the others once', async () => {
  await events();
  const { child, ended } = startCli(words(), { env: env() });
  receiver.answer = (response) => {
    child.kill('SIGKILL');
    response.end();
  };
  expect(await ended).toMatchObject({ code: 'SIGKILL' });
  const [first] = keys();
  expect(receiver.posts).toHaveLength(1);
  receiver.answer = (response) => response.end();
  expect(await once()).toMatchObject({ code: 0 });
  expect(keys().slice(1).toSorted()).toEqual(await raised());
  expect(keys().slice(1)).toContain(first);
});

test('by schedule posts beside its runs, once the receiver answers', async () => {
  const ids = await alerts();
  receiver.answer = () => undefined;
  const started = startCli(['run', '--config', configFile()], { env: env() });
  await started.saying(/"message":"\d+ events seen/);
  await receiver.came(1);
  receiver.answer = (response) => response.end();
  await started.saying(/alerts were acknowledged by the webhook/);
  started.child.kill('SIGTERM');
  expect(await started.ended).toMatchObject({ code: 0, stdout: '' });
  expect(new Set(keys())).toEqual(new Set(ids));
});

test('by schedule ends at SIGTERM, whatever the receiver does', async () => {
  await alerts();
  receiver.answer = () => undefined;
  const { child, ended } = startCli(['run', '--config', configFile('1h')], { env: env() });
  await receiver.came(1);
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stdout: '' });
});

test('without what the environment should hold ends with 2', async () => {
  const { code, stderr } = await runCli(['run', '--once', '--config', configFile()], { env: { HOOK: env().HOOK } });
  expect(code).toBe(2);
  expect(stderr).toMatch(/webhook\/headers\/Authorization: needs the environment variable TOKEN, which is not set/);
});

import { afterAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { temporaryFolder } from '../../support/cli.ts';
import { pages } from '../../support/pages.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Parts of a configuration; other products' YAML is told by its first key. */
const EXAMPLES = pages().flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language, lines }) => language === 'yaml' && !/^(?:apiVersion|services|groups):/.test(lines.join('\n')))
    .map(({ lines }) => ({ path, text: lines.join('\n') })),
);
/** What the examples take from the environment. */
const ENV = { MINECANARY_WEBHOOK_URL: 'https://hooks.example/1', WEBHOOK_TOKEN: 'token', THREATFOX_KEY: 'key' };

test('the pages hold configurations', () => {
  expect(EXAMPLES.length).toBeGreaterThan(3);
});

test.each(EXAMPLES)('the configuration in $path can be used', ({ text }) => {
  const file = folder.file('minecanary.yml', `${text}\n`);
  expect(loadConfig({ env: ENV, flags: {}, file })).toHaveProperty('sources');
});

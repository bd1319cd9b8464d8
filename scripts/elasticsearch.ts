/** The local Elasticsearch: `node scripts/elasticsearch.ts up|url|down`. */
import { currentUrl, down, up } from './elasticsearch/local.ts';

const COMMANDS: Readonly<Record<string, () => string | Promise<string>>> = {
  up: async () => {
    const begun = performance.now();
    const server = await up();
    if (!server.started) return `Already there: ${server.url} (${server.description})`;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    return `Ready after ${seconds} s: ${server.url} (${server.description})`;
  },
  url: () => {
    const found = currentUrl();
    if (found === undefined) throw new Error('No local Elasticsearch runs: start it with `make es-up`.');
    return found;
  },
  down: async () => {
    const ended = await down();
    return ended === undefined ? 'No local Elasticsearch runs.' : `Ended: ${ended}`;
  },
};

try {
  const command = COMMANDS[process.argv[2] ?? ''];
  if (command === undefined) throw new Error(`Usage: node scripts/elasticsearch.ts ${Object.keys(COMMANDS).join('|')}`);
  console.log(await command());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

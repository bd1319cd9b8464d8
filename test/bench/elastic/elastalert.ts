import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoTime } from '../../../src/model/time.ts';
import type { TimeRange } from '../../../src/sources/source.ts';
import type { Corner } from '../../support/worker.ts';
import { CORPUS_ROWS } from '../corpus-values.ts';
import { passProcess, watchProcess } from './process.ts';

const values = (kind: 'port' | 'domain' | 'address'): string[] =>
  (CORPUS_ROWS[kind] ?? []).map((row) => String(typeof row === 'object' ? row.value : row));

/** A rule that takes longer is ended. */
const LIMIT_MS = 600_000;

/** Rules as somebody would write them, by what they are; JSON is YAML. */
function rulesFor(index: string): Readonly<Record<string, object>> {
  const rule = (name: string, more: object): object => ({
    name,
    index,
    timestamp_field: '@timestamp',
    alert: ['debug'],
    realert: { minutes: 0 },
    ...more,
  });
  const [ports, names] = [values('port'), values('domain')];
  const exact = values('address').filter((value) => !value.includes('/'));
  return {
    'blacklist of ports': rule('ports', { type: 'blacklist', compare_key: 'destination.port', blacklist: ports }),
    'blacklist of names': rule('names', { type: 'blacklist', compare_key: 'dns.question.name', blacklist: names }),
    'blacklist of names, scanning': rule('scan', {
      type: 'blacklist',
      compare_key: 'dns.question.name',
      blacklist: names,
      filter_by_list: false,
    }),
    'any with a filter': rule('any', {
      type: 'any',
      filter: [
        {
          bool: {
            should: [
              { terms: { 'destination.port': ports.map(Number) } },
              { terms: { 'dns.question.name': names } },
              { terms: { 'url.domain': names } },
              { terms: { 'destination.ip': exact } },
            ],
          },
        },
      ],
    }),
  };
}

/**
 * ElastAlert2 over the same day, which writes and sends nothing (`--debug`), and a whole pass with all its writes. One
 * round.
 *
 * @param program path of `elastalert`, in a virtual environment of its own.
 */
export async function benchElastAlert(corner: Corner, range: TimeRange, program: string): Promise<void> {
  const { counts, seconds, rss } = await passProcess(corner, { range });
  console.log(`a whole pass: ${seconds.toFixed(1)} s, ${Math.round(rss)} MB, ${counts['matched']} found`);
  const folder = mkdtempSync(join(tmpdir(), 'minecanary-elastalert-'));
  try {
    for (const [what, rule] of Object.entries(rulesFor(`${corner.name}-*`))) {
      const { hostname, port } = new URL(process.env['ELASTICSEARCH_URL'] ?? '');
      const [config, file] = [join(folder, 'config.yaml'), join(folder, 'rule.yaml')];
      const common = { es_host: hostname, es_port: Number(port), rules_folder: folder, writeback_index: 'elastalert' };
      const times = { run_every: { seconds: 1 }, buffer_time: { days: 1 }, max_query_size: 10_000 };
      writeFileSync(config, JSON.stringify({ ...common, ...times }));
      writeFileSync(file, JSON.stringify(rule));
      const when = ['--start', isoTime(range.from), '--end', isoTime(range.to)];
      const args = ['--config', config, '--rule', file, '--debug', ...when];
      const told = await watchProcess(program, args, { ES_VERSION: '9.5.3' }, LIMIT_MS);
      const ran = [...`${told.stdout}${told.stderr}`.matchAll(/Ran \S+ from .*? (\d+) matches/g)];
      const ended = told.code === undefined ? 'not ended after' : 'ended after';
      const found = ran.length === 0 ? `no answer (${told.stderr.trim().split('\n').at(-1)})` : ran.at(-1)?.[1];
      console.log(
        `ElastAlert2, ${what}: ${ended} ${told.wall.toFixed(1)} s, ${Math.round(told.rss)} MB, ${found} found`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

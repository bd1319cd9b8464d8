import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { VERSION } from '../../config/version.ts';
import { MinecanaryError } from '../../model/errors.ts';
import { type Discovery, discover } from '../../setup/discover/discover.ts';
import { plainText } from '../../telemetry/plain.ts';
import { initConfig, kindsOf } from '../init-config.ts';
import type { AddCommand } from '../program.ts';
import { type CommonOptions, openClient, openSession, print, type Session, today } from '../session.ts';
import { formatTable } from '../table.ts';
import { existsError, writeWhole } from '../write-file.ts';

interface InitOptions extends CommonOptions {
  readonly out: string;
  readonly force?: boolean;
}

const EXAMPLES = `
Asks Elasticsearch which indices there are and which of their fields could match; writes nothing there. Where it can't be
asked, the file holds the defaults. No secret is written.

Examples:
  ELASTICSEARCH_URL=https://es.example:9200 ELASTICSEARCH_API_KEY=... minecanary init
  minecanary init --out /etc/minecanary/minecanary.yml --force
  minecanary init --out -                                 print it`;

export const addInit: AddCommand = (program) => {
  program
    .command('init')
    .description('write a commented configuration, with the sources that Elasticsearch has')
    .option('--config <file>', 'configuration that says how to reach Elasticsearch, where the environment does not')
    .option('--out <file>', 'where it is written; - prints it', 'minecanary.yml')
    .option('--force', 'overwrite a file that is there')
    .option('--json', 'print one JSON object of what was found')
    .addHelpText('after', EXAMPLES)
    .action((options: InitOptions) => init(options));
};

type Found = Discovery | { readonly why: string };

async function init(options: InitOptions): Promise<void> {
  const { out, force = false } = options;
  const toScreen = out === '-';
  // Told before anybody is asked for long; writing makes sure.
  if (!toScreen && !force && existsSync(out)) throw existsError(out);
  const session = openSession(options, {}, withoutMissing(process.env));
  const found = await ask(session);
  const { elasticsearch } = session.config;
  const text = initConfig({ elasticsearch, version: VERSION, day: today(), found });
  if (toScreen && options.json !== true) {
    print(text.trimEnd());
    return;
  }
  if (!toScreen) await writeWhole(resolve(out), text, force);
  if (options.json === true) {
    const told =
      'why' in found ? { asked: false, why: found.why, sources: [], left_out: [] } : { asked: true, ...found };
    print(JSON.stringify({ ...(toScreen ? { text } : { out: resolve(out) }), ...told }));
  } else tell(found, out);
}

/** A configuration that the environment names and that is yet to be written says nothing. */
function withoutMissing({ MINECANARY_CONFIG: file, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return file === undefined || !existsSync(file) ? env : { ...env, MINECANARY_CONFIG: file };
}

/** What there is, or why it is not known: that is told, and no failure. */
async function ask({ config, log, progress }: Session): Promise<Found> {
  const client = await openClient(config);
  try {
    return await discover(client, (what) => progress.update(`looking at ${what}`));
  } catch (error) {
    if (!(error instanceof MinecanaryError)) throw error;
    progress.clear();
    log.warn(`Elasticsearch could not be asked, so the configuration holds the defaults. ${error.message}`);
    return { why: error.message };
  } finally {
    progress.clear();
    await client.close();
  }
}

function tell(found: Found, out: string): void {
  if ('why' in found) print(`Wrote ${out} with the defaults. Correct \`elasticsearch\` and \`sources\` in it.`);
  else {
    const columns = [
      { title: 'source', least: 6 },
      { title: 'index', least: 12 },
      { title: 'events', align: 'right' as const },
      { title: 'holds', least: 20 },
    ];
    const rows = found.sources.map(({ name, index, documents, datasets }) => [
      name,
      index,
      String(documents),
      kindsOf(datasets),
    ]);
    if (rows.length > 0) print(`${formatTable(columns, rows, process.stdout.columns ?? Infinity)}\n`);
    for (const { index, why } of found.left_out) print(plainText(`left out: ${index}: ${why}`));
    print(rows.length > 0 ? `Wrote ${out}.` : `Nothing was found that could match; wrote ${out} with the defaults.`);
  }
  print(`Next: minecanary doctor --config ${out}, and minecanary run --once --dry-run --config ${out}`);
}

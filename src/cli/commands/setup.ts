import type { Config } from '../../config/config.ts';
import { loadLookups } from '../../feeds/load.ts';
import { importIntoKibana, type KibanaOutcome, requireKibana } from '../../setup/kibana.ts';
import { lookupIndices } from '../../setup/lookup-indices.ts';
import { requirePrivileges } from '../../setup/privileges.ts';
import { rolesFor, rolesText } from '../../setup/roles.ts';
import { setup } from '../../setup/setup.ts';
import { plainText } from '../../telemetry/plain.ts';
import type { AddCommand } from '../program.ts';
import { CONFIG_OPTION, type CommonOptions, openAuthority, openClient, openSession, print } from '../session.ts';

interface SetupOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly printRoles?: boolean;
  readonly kibana?: boolean;
}

export const addSetup: AddCommand = (program) => {
  program
    .command('setup')
    .description(
      'install the index templates, map the fields of the tag in the sources, make what hunts and ingest need',
    )
    .option(...CONFIG_OPTION)
    .option('--dry-run', 'tell what would change, and change nothing')
    .option('--print-roles', 'print the least roles for the sources, as JSON, and do nothing else')
    .option('--kibana', 'import dashboard, data views, searches and detection rules into Kibana too (kibana.url)')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  minecanary setup --dry-run
  ELASTICSEARCH_URL=https://es.example:9200 minecanary setup --config minecanary.yml
  KIBANA_URL=https://kibana.example:5601 minecanary setup --kibana
  minecanary setup --print-roles | jq .minecanary_worker      for PUT /_security/role/minecanary_worker`,
    )
    .action(async (options: SetupOptions) => {
      const { config, progress } = openSession(options);
      const roles = rolesFor(config.sources, lookupIndices(await loadLookups(config)));
      if (options.printRoles === true) {
        print(rolesText(roles).trimEnd());
        return;
      }
      if (options.kibana === true) requireKibana(config);
      const client = await openClient(config);
      try {
        progress.update(`${options.dryRun === true ? 'looking at' : 'setting up'} templates, lookups and sources`);
        await requirePrivileges(client, roles.minecanary_setup);
        const outcome = await setup(client, config, options.dryRun === true);
        progress.clear();
        if (options.kibana === true) progress.update('asking Kibana');
        const kibana = options.kibana === true ? await importOf(config, options) : { changes: [], notes: [] };
        progress.clear();
        const changes = [...outcome.changes, ...kibana.changes];
        const notes = [...outcome.notes, ...outcome.lacking, ...kibana.notes];
        if (options.json === true) {
          print(JSON.stringify({ dry_run: options.dryRun === true, changes, notes }));
          return;
        }
        if (changes.length === 0) print('Everything is set up; nothing changes.');
        for (const change of changes) print(plainText(`${options.dryRun === true ? 'would ' : ''}${change}`));
        for (const { index, note } of notes) print(plainText(`note: ${index}: ${note}`));
      } finally {
        progress.clear();
        await client.close();
      }
    });
};

async function importOf(config: Config, { dryRun = false }: SetupOptions): Promise<KibanaOutcome> {
  const ca = await openAuthority(config.elasticsearch);
  return importIntoKibana({ config, ca, env: process.env, dryRun });
}

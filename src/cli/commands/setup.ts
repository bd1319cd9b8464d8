import { loadLookups } from '../../feeds/load.ts';
import { lookupIndices } from '../../setup/lookup-indices.ts';
import { requirePrivileges } from '../../setup/privileges.ts';
import { rolesFor, rolesText } from '../../setup/roles.ts';
import { setup } from '../../setup/setup.ts';
import type { AddCommand } from '../program.ts';
import { type CommonOptions, openClient, openSession, print } from '../session.ts';

interface SetupOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly printRoles?: boolean;
}

export const addSetup: AddCommand = (program) => {
  program
    .command('setup')
    .description(
      'install the index templates, map the fields of the tag in the sources, make what hunts and ingest need',
    )
    .option('--config <file>', 'configuration (.yml, .json)')
    .option('--dry-run', 'tell what would change, and change nothing')
    .option('--print-roles', 'print the least roles for the sources, as JSON, and do nothing else')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  minecanary setup --dry-run
  ELASTICSEARCH_URL=https://es.example:9200 minecanary setup --config minecanary.yml
  minecanary setup --print-roles | jq .minecanary_worker      for PUT /_security/role/minecanary_worker`,
    )
    .action(async (options: SetupOptions) => {
      const { config } = openSession(options);
      const roles = rolesFor(config.sources, lookupIndices(await loadLookups(config)));
      if (options.printRoles === true) {
        print(rolesText(roles).trimEnd());
        return;
      }
      const client = await openClient(config);
      try {
        await requirePrivileges(client, roles.minecanary_setup);
        const outcome = await setup(client, config, options.dryRun === true);
        const { changes } = outcome;
        const notes = [...outcome.notes, ...outcome.lacking];
        if (options.json === true) {
          print(JSON.stringify({ dry_run: options.dryRun === true, changes, notes }));
          return;
        }
        if (changes.length === 0) print('Everything is set up; nothing changes.');
        for (const change of changes) print(`${options.dryRun === true ? 'would ' : ''}${change}`);
        for (const { index, note } of notes) print(`note: ${index}: ${note}`);
      } finally {
        await client.close();
      }
    });
};

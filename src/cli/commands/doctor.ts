import type { Config } from '../../config/config.ts';
import { describeConfig, shownConfig } from '../../config/describe.ts';
import { configOrigins } from '../../config/origins.ts';
import { compile } from '../../lookups/compile.ts';
import { areaOf, type Check } from '../../setup/doctor/check.ts';
import { diagnose } from '../../setup/doctor/doctor.ts';
import { checkLookups } from '../doctor-lookups.ts';
import { doctorText } from '../doctor-text.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { AddCommand } from '../program.ts';
import { CONFIG_OPTION, type CommonOptions, openClient, openSession, print, today } from '../session.ts';

const EXAMPLES = `
Changes nothing. Each check is ok, a warning or failed, and says what to do; exit code 1 where one failed.

Examples:
  minecanary doctor
  minecanary doctor --config minecanary.yml --json      one JSON object, with the configuration in effect and all fields`;

export const addDoctor: AddCommand = (program, end) => {
  program
    .command('doctor')
    .description('check configuration, lookups, Elasticsearch, privileges and sources, and say what to do')
    .option(...CONFIG_OPTION)
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CommonOptions) => end(await doctor(options)));
};

async function doctor(options: CommonOptions): Promise<ExitCode> {
  const { config, progress } = openSession(options);
  const origins = configOrigins({
    env: process.env,
    ...(options.config === undefined ? {} : { file: options.config }),
  });
  const { checks: ofLookups, tables = compile([], today()) } = await checkLookups(config);
  const client = await openClient(config);
  try {
    const patient = {
      client,
      config,
      tables,
      now: Date.now,
      progress: (what: string) => progress.update(`looking at ${what}`),
    };
    const { checks: others, sources } = await diagnose(patient);
    progress.clear();
    const checks = [configCheck(config, origins), ...ofLookups, ...others];
    const ok = checks.every(({ state }) => state !== 'failed');
    if (options.json === true) {
      const configuration = { effective: shownConfig(config), origins: Object.fromEntries(origins) };
      print(JSON.stringify({ ok, checks, configuration, sources }));
    } else {
      print(doctorText(checks, process.stdout.columns ?? Infinity));
    }
    return ok ? EXIT.done : EXIT.failed;
  } finally {
    progress.clear();
    await client.close();
  }
}

/** The keys that are not left at their default, each with its origin. */
function configCheck(config: Config, origins: ReadonlyMap<string, string>): Check {
  const set = describeConfig(config)
    .split('\n')
    .flatMap((line) => {
      const origin = originOf(line.split(':', 1)[0] ?? '', origins);
      return origin === undefined ? [] : [`${line} (${origin})`];
    });
  const what = set.length === 0 ? 'all keys have their defaults' : 'it is valid; not left at their defaults are:';
  return areaOf('configuration').ok(what, set);
}

/** `sources[0].index` comes from where `sources` does. */
function originOf(key: string, origins: ReadonlyMap<string, string>): string | undefined {
  return origins.get(key) ?? origins.get(key.replace(/\[.*$/, ''));
}

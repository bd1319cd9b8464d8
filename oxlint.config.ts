import { defineConfig } from 'oxlint';

/**
 * The import rule: a folder of src/ may import the folders named here and no other. docs/ARCHITECTURE.md tells why.
 */
const pure = ['model', 'schema', 'lookups', 'matcher', 'convert'];
const MAY_IMPORT: Record<string, string[]> = {
  model: [],
  schema: ['model'],
  lookups: ['model', 'schema'],
  matcher: ['model', 'schema', 'lookups'],
  convert: ['model', 'schema', 'lookups', 'matcher'],
  config: ['model', 'schema'],
  telemetry: ['model'],
  http: [],
  feeds: ['model', 'schema', 'lookups', 'telemetry', 'http'],
  elastic: [...pure, 'telemetry'],
  sources: [...pure, 'elastic', 'telemetry'],
  sinks: [...pure, 'elastic', 'http', 'telemetry'],
  worker: [...pure, 'elastic', 'sources', 'sinks', 'config', 'feeds', 'http', 'telemetry'],
  setup: [...pure, 'elastic', 'sources', 'sinks', 'worker', 'config', 'feeds', 'http', 'telemetry'],
  hunt: [...pure, 'elastic', 'sources', 'sinks', 'worker', 'config', 'telemetry'],
  report: [...pure, 'elastic', 'sources', 'sinks', 'worker', 'config', 'telemetry'],
  cli: [...pure, 'elastic', 'sources', 'sinks', 'worker', 'setup', 'hunt', 'report', 'config', 'feeds', 'telemetry'],
};

/** Each dependency has one home. */
const HOME: Record<string, string> = {
  ajv: 'schema',
  'ajv-formats': 'schema',
  yaml: 'schema',
  'ipaddr.js': 'lookups',
  tldts: 'lookups',
  '@elastic/elasticsearch': 'elastic',
  got: 'http',
  croner: 'worker',
  pino: 'telemetry',
  '@elastic/ecs-pino-format': 'telemetry',
  'prom-client': 'telemetry',
  preact: 'report',
  'preact-render-to-string': 'report',
  commander: 'cli',
};
const folders = Object.keys(MAY_IMPORT);

function restrictions(folder: string) {
  const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
  const barred = folders.filter((other) => !allowed.includes(other));
  const patterns = [
    {
      group: barred.flatMap((other) => [`../${other}/**`, `../../${other}/**`]),
      message: `src/${folder} may not import from there: see the import rule in docs/ARCHITECTURE.md.`,
    },
    ...Object.entries(HOME)
      .filter(([, home]) => home !== folder)
      .map(([name, home]) => ({
        group: [name, `${name}/**`],
        message: `${name} has one home: src/${home}.`,
        allowTypeImports: name === '@elastic/elasticsearch' && !pure.slice(0, 4).includes(folder),
      })),
  ];
  if (pure.includes(folder)) {
    const group = ['node:fs', 'node:fs/**', 'node:http', 'node:https', 'node:child_process', 'node:timers', 'node:os'];
    patterns.push({ group, message: `src/${folder} is pure: no input, no output, no clock.`, allowTypeImports: false });
  }
  return patterns.filter(({ group }) => group.length > 0);
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'oxc', 'promise'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    'max-lines': ['error', { max: 300 }],
    'max-lines-per-function': ['error', { max: 60 }],
    eqeqeq: 'error',
    'no-console': 'error',
    'import/no-cycle': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'unicorn/no-process-exit': 'error',
    // Order matters in what these would make parallel: pages, batches and writes follow one another.
    'no-await-in-loop': 'off',
    // JSON that a schema has checked, or a test has made, is asserted to its type where it enters.
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/no-array-sort': 'off',
    // Elasticsearch's own names begin with one.
    'no-underscore-dangle': 'off',
    'oxc/no-map-spread': 'off',
    // The compiler checks returns, and knows when a switch is exhaustive.
    'typescript/consistent-return': 'off',
    'unicorn/prefer-set-has': 'off',
  },
  overrides: [
    ...folders.map((folder) => ({
      files: [`src/${folder}/**`],
      rules: { 'typescript/no-restricted-imports': ['error' as const, { patterns: restrictions(folder) }] as const },
    })),
    { files: ['src/cli/main.ts'], rules: { 'unicorn/no-process-exit': 'off' as const } },
    { files: ['scripts/**', 'test/**'], rules: { 'no-console': 'off' as const, 'unicorn/no-process-exit': 'off' as const } },
    { files: ['test/**'], rules: { 'max-lines-per-function': 'off' as const } },
  ],
});

const project = (displayName, folders, extra = {}) => ({
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json', 'node'],
  testEnvironment: 'node',
  ...extra,
});

export default {
  // A loaded machine is slow, and that is no fault of what is tested.
  testTimeout: 120_000,
  coverageProvider: 'v8',
  projects: [
    project('unit', ['unit', 'contract', 'fuzz']),
    project('integration', ['integration', 'faults'], {
      globalSetup: '<rootDir>/test/support/start-elasticsearch.ts',
      globalTeardown: '<rootDir>/test/support/stop-elasticsearch.ts',
    }),
    project('security', ['security'], {
      globalSetup: '<rootDir>/test/support/secure/start.ts',
      globalTeardown: '<rootDir>/test/support/secure/stop.ts',
    }),
    project('acceptance', ['acceptance']),
  ],
};

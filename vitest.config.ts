import { defineConfig } from 'vitest/config'

/** Rooms and suites without servers, files or settings of the process: they may share what they import. */
const pure = ['{graph,importers,client}/**/*.test.ts?(x)', 'test/{laws,conformance}/**/*.test.ts']

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'pure', include: pure, isolate: false } },
      {
        extends: true,
        test: { name: 'whole', include: ['{server,test}/**/*.test.ts?(x)'], exclude: ['test/{laws,conformance}/**'] },
      },
    ],
  },
})

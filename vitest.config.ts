import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{graph,importers,server,client,test}/**/*.test.ts?(x)'],
    exclude: ['**/node_modules/**', 'dist/**'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})

import { defineConfig } from 'vitest/config'

/** `npm run lab`: real servers, by themselves, because moments are measured. */
export default defineConfig({
  test: { include: ['test/lab/**/*.lab.ts'], hookTimeout: 120_000, fileParallelism: false },
})

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

/** The naive twin is a test file and not part of the product's build: it is bundled here for the benchmark. */
const outDir = join('artifacts', 'bench', 'naive')
mkdirSync(outDir, { recursive: true })
await build({
  logLevel: 'error',
  configFile: false,
  build: {
    ssr: 'test/laws/naive-outage.ts',
    outDir,
    emptyOutDir: false,
    rolldownOptions: { output: { entryFileNames: 'naive-outage.mjs' } },
  },
})
export const { naiveOutages } = await import(pathToFileURL(join(outDir, 'naive-outage.mjs')).href)

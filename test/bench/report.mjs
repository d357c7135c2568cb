/**
 * docs/benchmarks.md, its plot and the numbers behind both, of runs:
 *
 *   npm run --silent bench -- beside --sizes 10k,100k,XL --peers --json > run.json
 *   node test/bench/report.mjs RUN.json…        a benchmark that was run again counts as it was last
 *   node test/bench/report.mjs                  of docs/benchmarks/run.json alone, after a change of the page
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { growthPlot } from './growth-plot.mjs'
import { joined, runText } from './joined.mjs'
import { benchmarksPage } from './report-page.mjs'

const docs = join(import.meta.dirname, '..', '..', 'docs')
export const keptRun = join(docs, 'benchmarks', 'run.json')

/** What each file below docs/ is to hold, by its path. */
export async function reportFiles(run) {
  const page = join(docs, 'benchmarks.md')
  return new Map([
    [keptRun, runText(run)],
    [join(docs, 'benchmarks', 'growth.svg'), growthPlot(run)],
    [page, await format(benchmarksPage(run), { ...(await resolveConfig(page)), filepath: page })],
  ])
}

if (process.argv[1] === import.meta.filename) {
  const paths = process.argv.length > 2 ? process.argv.slice(2) : [keptRun]
  const run = joined(paths.map((path) => JSON.parse(readFileSync(path, 'utf8'))))
  mkdirSync(join(docs, 'benchmarks'), { recursive: true })
  for (const [path, text] of await reportFiles(run)) writeFileSync(path, text)
}

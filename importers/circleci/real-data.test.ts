import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'

const data = join(import.meta.dirname, '../../../shared/data/ci-circleci')
const present = existsSync(data)
if (!present) {
  if (process.env.CI) throw new Error('../shared/data/ci-circleci is missing')
  process.stderr.write('SKIPPED: ../shared/data/ci-circleci is not there, its counts are not checked\n')
}

describe.skipIf(!present)('real configurations', () => {
  /** README of the data. */
  it.each([
    ['snyk__driftctl', 8, 7],
    ['MarquezProject__marquez', 14, 1],
  ])('%s: %i jobs, %i contexts', async (repository, jobs, contexts) => {
    const name = `${repository}/.circleci/config.yml`
    const read = await collect(runImporters([rawFile(name, readFileSync(join(data, name)))], { importers }))
    expect(read.files).toMatchObject([{ importer: 'circleci', skipped: [] }])
    const count = (kind: string) =>
      new Set(read.facts.entities.filter((one) => one.kind === kind && !one.props?.orb).map(({ id }) => id)).size
    expect([count('circleci.job'), count('circleci.context')]).toEqual([jobs, contexts])
    expect(read.scopes.flatMap(({ defects }) => defects)).toEqual([])
  })
})

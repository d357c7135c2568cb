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

const service = join(import.meta.dirname, '../../../shared/data/moj-service-repos/laa-apply-for-legal-aid')
const name = '.circleci/config.yml'
const isThere = existsSync(join(service, name))
if (!isThere) {
  if (process.env.CI) throw new Error('../shared/data/moj-service-repos is missing')
  process.stderr.write('SKIPPED: ../shared/data/moj-service-repos is not there, its contexts are not checked\n')
}

describe.skipIf(!isThere)('a service that deploys with a copied token', () => {
  it('is handed three contexts, says which name it reads, and not that the token stands in them', async () => {
    const file = rawFile(`acme__apply/${name}`, readFileSync(join(service, name)))
    const { facts, files } = await collect(runImporters([file], { importers }))
    const contexts = new Set(facts.entities.filter(({ kind }) => kind === 'circleci.context').map(({ name: of }) => of))
    expect([...contexts].map((of) => of!.split('-').at(-1)).sort()).toEqual(['production', 'staging', 'uat'])
    const reading = facts.entities.filter(
      ({ kind, props }) =>
        kind === 'circleci.job' && (props?.variables as string[] | undefined)?.includes('K8S_TOKEN_LIVE'),
    )
    expect(reading).toHaveLength(5)
    // Undeclared: no source says what stands in a context.
    expect(facts.relationships.filter(({ kind }) => kind === 'HOLDS' || kind === 'SYNCED_FROM')).toEqual([])
    expect(files[0]!.notes.join()).toContain('a context names no value: what is in it is undeclared')
  })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect } from '../read/collect.ts'
import { rawFile } from '../read/raw-file.ts'
import { runImporters } from '../read/run-importers.ts'
import { importers } from '../registry.ts'
import { terraformState } from './index.ts'

const data = join(import.meta.dirname, '../../../shared/data')
const folders = ['tfstate-driftctl', 'tfstate-inframap', 'tfstate-terraboard'].map((name) => join(data, name))
const present = folders.every((folder) => existsSync(folder))
if (!present) {
  if (process.env.CI) throw new Error('../shared/data/tfstate-* is missing')
  process.stderr.write('SKIPPED: ../shared/data/tfstate-* is not there, its counts are not checked\n')
}

function filesOf(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'PROVENANCE.md')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => rawFile(relative(data, path), readFileSync(path)))
}

/** Files, objects met, files that are not JSON: counted by a script that knows nothing of this importer (README of the data). */
const counts = [
  ['tfstate-driftctl', 150, 309, 1],
  ['tfstate-inframap', 18, 139, 0],
  ['tfstate-terraboard', 37, 86, 0],
] as const

describe.skipIf(!present)('real states', () => {
  it.each(counts)('%s: %i files, %i objects, %i not JSON', async (name, files, objects, broken) => {
    const read = await collect(runImporters(filesOf(join(data, name)), { importers: [terraformState] }))
    expect(read.files.filter(({ importer }) => importer === 'terraform-state')).toHaveLength(files)
    const skipped = (reason: string) =>
      read.files.flatMap((file) => file.skipped).reduce((sum, one) => sum + (one.reason === reason ? one.count : 0), 0)
    const met = read.files.reduce((sum, file) => sum + file.read, 0)
    expect(met - skipped('empty') - skipped('not-json')).toBe(objects)
    expect(skipped('not-json')).toBe(broken)
    expect(skipped('unreadable-record')).toBe(0)
    expect(read.files.flatMap(({ error }) => error ?? [])).toEqual([])
    expect(read.scopes.flatMap(({ defects }) => defects)).toEqual([])
    process.stdout.write(`${name}: ${read.files.reduce((sum, { mapped }) => sum + mapped, 0)} of ${met} mapped\n`)
  })

  it('go to this importer among all', async () => {
    const read = await collect(runImporters(folders.flatMap(filesOf), { importers }))
    const others = read.files.filter(({ importer }) => importer !== 'terraform-state').map(({ name }) => name)
    expect(others).toEqual([])
  })
})

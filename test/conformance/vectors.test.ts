import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compareVector, runVector } from '../../graph/outage/vector.ts'
import { naiveOutages, type NaiveChange, type NaiveEstate } from '../laws/naive-outage.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Folder, and the least number of vectors in it: a folder that went missing must not look like one that passes. */
const folders = [
  { path: 'graph/outage/fixtures', least: 12, ours: true },
  { path: '../shared/vectors', least: 22, ours: false },
  { path: '../shared/vectors/random', least: 150, ours: false },
]

for (const { path, least, ours } of folders) {
  const folder = `${root}/${path}`
  const isThere = existsSync(folder)
  if (!isThere && !ours) console.warn(`SKIPPED: conformance vectors in ${path}, as the folder is not here`)
  describe.skipIf(!isThere && !ours)(`vectors in ${path}`, () => {
    const files = isThere ? readdirSync(folder).filter((file) => file.endsWith('.json')) : []
    const read = (file: string): unknown => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))

    it(`are at least ${least}`, () => expect(files.length).toBeGreaterThanOrEqual(least))

    it.each(files)('%s', (file) => {
      const vector = read(file)
      expect(compareVector(vector, runVector(vector).outages)).toEqual([])
    })

    it('the naive twin answers the same', () => {
      for (const file of files) {
        const vector = read(file) as { bundle: NaiveEstate; change: NaiveChange }
        expect(compareVector(vector, naiveOutages(vector.bundle, vector.change)), file).toEqual([])
      }
    })
  })
}

describe('comparing with a vector', () => {
  it('says in words what differs, both ways', () => {
    const vector = { expect: { a: { certain: null, possible: [0, null], degraded: null } } }
    const outages = { b: { certain: [5, 9] as [number, number], possible: [5, 9] as [number, number], degraded: null } }
    expect(compareVector(vector, outages)).toEqual([
      'a: the possible outage should be from 0 s for good, is none',
      'b: the certain outage should be none, is from 5 s to 9 s',
      'b: the possible outage should be none, is from 5 s to 9 s',
    ])
  })
})

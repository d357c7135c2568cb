import { fc, test } from '@fast-check/vitest'
import { beforeAll, describe, expect } from 'vitest'
import type { FlatIndex } from '../../graph/index/flat-index.ts'
import { inEngineMemory } from '../../graph/index/flat-index.ts'
import { accessBoardFor, everythingBoardFor, reachedFrom } from '../../graph/reach/flat-reach.ts'
import { columnBuilder } from '../../graph/scan/column-builder.ts'
import { indexOf } from '../../graph/index/index-of.ts'
import type { EntityFact, RelationshipFact } from '../../graph/facts.ts'
import { buildIfNeeded } from '../../server/bin/build.mjs'
import { useBuiltKernels } from '../../server/import/kernels.ts'
import { estateOfWorld, world } from './random-reach.ts'

/** Who is reached, by sets: over the access view, or over both. */
function naively(index: FlatIndex, source: number, both: boolean): number[] {
  const found = new Set([source])
  for (const one of found) {
    for (let edge = index.accessStart[one]!; edge < index.accessEnd[one]!; edge++) found.add(index.accessTo[edge]!)
    if (both) for (let edge = index.inStart[one]!; edge < index.inEnd[one]!; edge++) found.add(index.edges[2 * edge]!)
  }
  return [...found].sort((a, b) => a - b)
}

describe('reach over the flat index', () => {
  beforeAll(() => {
    buildIfNeeded(['server'])
    useBuiltKernels()
  }, 120_000)

  test.prop([world, fc.boolean()], { numRuns: 150 })(
    'the kernel, its twin and sets find the same, question after question',
    (one, both) => {
      const estate = estateOfWorld(one)
      const builder = columnBuilder()
      for (const entity of estate.entities) builder.entity(entity as unknown as EntityFact)
      for (const relationship of estate.relationships) builder.relationship(relationship as RelationshipFact)
      const plain = indexOf(builder.finish())
      const boardFor = both ? everythingBoardFor : accessBoardFor
      const [twin, kernel] = [boardFor(plain), boardFor(inEngineMemory(plain))]
      expect(twin.kernel).toBeUndefined()
      expect(kernel.kernel).toBeDefined()
      // The last epochs before marks are cleared, and the first after that.
      for (const board of [twin, kernel]) board.epoch = 65_530
      for (let source = 0; source < plain.entities; source++) {
        const expected = naively(plain, source, both)
        const inOrder = [twin, kernel].map((board) => [...board.queue.subarray(0, reachedFrom(board, source))])
        expect(inOrder[1]).toEqual(inOrder[0])
        expect(inOrder[0]![0]).toBe(source)
        expect(inOrder[0]!.toSorted((a, b) => a - b)).toEqual(expected)
      }
    },
  )
})

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { dominatorsOf, weightsBelow, type GappedRows } from '../../graph/reach/dominators.ts'

const SIZE = 30

/** Rows with gaps between them, as an index with changes laid over it has. */
function rowsOf(size: number, edges: readonly (readonly [number, number])[], gap: number): GappedRows {
  const [start, end, to] = [new Int32Array(size), new Int32Array(size), [] as number[]]
  for (let from = 0; from < size; from++) {
    start[from] = to.length
    for (const [tail, head] of edges) if (tail === from) to.push(head)
    end[from] = to.length
    // What lies in a gap is nobody's.
    for (let i = 0; i < gap; i++) to.push((from * 7 + i) % size)
  }
  return { start, end, to: Int32Array.from(to) }
}

/** Everything that the roots lead to when one thing is not there. */
function reachedWithout({ start, end, to }: GappedRows, roots: Iterable<number>, gone: number): Set<number> {
  const found = new Set([...roots].filter((root) => root !== gone))
  for (const at of found) for (let i = start[at]!; i < end[at]!; i++) if (to[i] !== gone) found.add(to[i]!)
  return found
}

const graph = fc.record({
  size: fc.integer({ min: 1, max: SIZE }),
  draws: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(9)), { maxLength: 80 }),
  starts: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  gap: fc.nat(2),
  forward: fc.nat(9),
})

test.prop([graph, fc.array(fc.nat(9), { minLength: SIZE, maxLength: SIZE })], { numRuns: 1000 })(
  'a thing stands before exactly what nothing leads to when it is taken away',
  ({ size, draws, starts, gap, forward }, weights) => {
    // Mostly forward, or with many ways back; doubled edges and loops among them.
    const edges = draws.map(([a, b, sort]): [number, number] => {
      const [from, head] = [a % size, b % size]
      return sort < forward ? [Math.min(from, head), Math.max(from, head)] : [from, head]
    })
    const rows = rowsOf(size, edges, gap)
    const roots = Int32Array.from(starts, (one) => one % size)
    const { count, entity, number, above, ...dominators } = dominatorsOf(rows, roots)
    const below = weightsBelow({ count, entity, number, above, ...dominators }, weights)
    const reached = reachedWithout(rows, roots, -1)
    expect(new Set(entity.subarray(1, count))).toEqual(reached)
    for (let one = 0; one < size; one++) expect(number[one] !== 0).toBe(reached.has(one))

    const standsBefore = (one: number, other: number) => {
      for (let at = number[other]!; at > 0; at = above[at]!) if (entity[at] === one) return true
      return false
    }
    for (const one of reached) {
      const left = reachedWithout(rows, roots, one)
      const lost = [...reached].filter((other) => !left.has(other))
      expect([...reached].filter((other) => standsBefore(one, other))).toEqual(lost)
      expect(below[number[one]!]).toBe(lost.reduce((sum, other) => sum + weights[other]!, 0))
    }
  },
)

test('a way of a hundred thousand links needs no stack of calls', () => {
  const size = 100_000
  const start = Int32Array.from({ length: size }, (_, i) => i)
  const rows = { start, end: start.map((i) => Math.min(i + 1, size - 1)), to: start.map((i) => i + 1) }
  const { above, count } = dominatorsOf(rows, Int32Array.of(0))
  expect(count).toBe(size + 1)
  expect(above.every((up, one) => up === Math.max(0, one - 1))).toBe(true)
})

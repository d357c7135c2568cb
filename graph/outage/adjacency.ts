import { copyOf, int32s } from '../arrays.ts'
import type { Adjacency } from '../estate/estate.ts'

export type { Adjacency }

/** Counting sort of numbers by row; positions with a negative row are left out. Keeps their order. O(rows + numbers). */
export function adjacency(rowCount: number, rows: Int32Array, numberAt = (position: number) => position): Adjacency {
  const start = int32s(rowCount + 1)
  let kept = 0
  for (const row of rows) {
    if (row < 0) continue
    start[row + 1]!++
    kept++
  }
  for (let i = 0; i < rowCount; i++) start[i + 1]! += start[i]!
  const next = copyOf(start, rowCount)
  const list = int32s(kept)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (row >= 0) list[next[row]!++] = numberAt(i)
  }
  return { start, list }
}

import { copyOf, float64s } from '../arrays.ts'
import type { CompiledEstate } from './compile.ts'
import { TIMING_WIDTH, timingColumns } from './timings.ts'

/**
 * The same estate where some relationships take a new value within a span of seconds. Shares everything else with the
 * one it is made from, so it costs one number for each relationship.
 */
export function withPickups(
  estate: CompiledEstate,
  relationships: Iterable<number>,
  [least, most]: readonly [number, number],
): CompiledEstate {
  const timing = copyOf(estate.timing)
  const rows: number[] = []
  const made = new Map<number, number>()
  const count = estate.timings.length / TIMING_WIDTH
  for (const relationship of relationships) {
    const old = timing[relationship]!
    let row = made.get(old)
    if (row === undefined) {
      row = count + made.size
      made.set(old, row)
      const values = estate.timings.slice(old * TIMING_WIDTH, (old + 1) * TIMING_WIDTH)
      values[timingColumns.pickupMin] = least
      values[timingColumns.pickupMax] = most
      rows.push(...values)
    }
    timing[relationship] = row
  }
  const timings = float64s(estate.timings.length + rows.length)
  timings.set(estate.timings)
  timings.set(rows, estate.timings.length)
  return { ...estate, timing, timings }
}

import type { Estate } from '../estate/estate.ts'
import { reachOfAll } from './all-reach.ts'
import type { Rows } from './flat-components.ts'
import { travelOf } from './travel.ts'

/** How many things are within reach of each of these, itself left out: `canReach(…).things.length` of each, at once. */
export function reachCounts(estate: Estate, sources: Int32Array): Float64Array {
  return reachOfAll(accessRows(estate), sources)
}

function accessRows(estate: Estate): Rows {
  const { start, list, to } = travelOf(estate)
  return { start, to: Int32Array.from(list, (number) => to[number]!) }
}

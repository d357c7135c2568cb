/**
 * AssemblyScript. Both runs of a change that is never undone, over the flat index; the twin of
 * graph/outage/for-good.ts, which says what it does and is what it is tested against. Where things lie is said by
 * graph/outage/kernel-board.ts.
 *
 * Both runs are made at once, worst and best side by side, and in no order of time: whoever starts earlier than was
 * known is looked at (again). As starts only ever fall, what is left in the end is the same; the order of time costs
 * more than the few that are looked at twice. Where they are not few it gives up.
 */
import { edges, TANGLED } from './outage/ground'
import { openWalks } from './outage/copies'
import { leave } from './outage/leave'
import { begin, count, cut, follow, strike } from './outage/spread'

export { look, widen, write } from './outage/ground'

/**
 * Both runs, of things that are struck and edges that are cut (ascending), `worst` and `best` being the moments.
 * @returns rows that were met, or what was full.
 */
export function run(struckAt: usize, struckCount: u32, cutsAt: usize, cutCount: u32, worst: f64, best: f64): i32 {
  begin(worst, best)
  openWalks(cutsAt, cutCount)
  if (min<f64>(worst, best) == Infinity) return 0
  for (let i: u32 = 0; i < struckCount; i++) strike(load<u32>(struckAt + (<usize>i << 2)))
  for (let i: u32 = 0; i < cutCount; i++) cut(edges + (<usize>load<u32>(cutsAt + (<usize>i << 2)) << 3))
  const failed = follow()
  return failed != 0 ? failed : count
}

/** The same, and the answer leaves: see `leave`. */
export function answer(struckAt: usize, struckCount: u32, cutsAt: usize, cutCount: u32, worst: f64, best: f64): i32 {
  const found = run(struckAt, struckCount, cutsAt, cutCount, worst, best)
  return found < 0 ? found : leave()
}

import { isNeed } from './channels.ts'
import { CONFIRMED } from './compile.ts'
import type { Run } from './run.ts'

/** The needs of an entity, hard (`soft` 0) or soft (1) ones: of each the alternatives that count in this run (rule 8 and the two runs). */
export function* needsOf(run: Run, entity: number, soft: number): Generator<readonly number[]> {
  const { estate } = run
  const seen = new Set<number>()
  for (let i = estate.out.start[entity]!; i < estate.out.start[entity + 1]!; i++) {
    const relationship = estate.out.list[i]!
    if (!isNeed(estate.channel[relationship]!) || estate.soft[relationship] !== soft) continue
    const need = countedAlternatives(run, relationship)
    if (need.length === 0 || seen.has(need[0]!)) continue
    seen.add(need[0]!)
    yield need
  }
}

/** The alternatives among which a relationship is one, or empty where its need does not count in this run. */
export function countedAlternatives(run: Run, relationship: number): readonly number[] {
  const { needs, confidence } = run.estate
  const slot = needs.slot[relationship]!
  const group = slot < 0 ? -1 : needs.groupOfSlot[slot]!
  if (group < 0 || needs.confirmedCount[group] === 0)
    return run.worst || confidence[relationship] === CONFIRMED ? [relationship] : []
  const first = needs.start[group]!
  const counted = run.worst ? needs.confirmedCount[group]! : needs.start[group + 1]! - first
  return Array.from(needs.members.subarray(first, first + counted))
}

/** All alternatives of a relationship's need, counted in this run or not. */
export function alternativesOf(run: Run, relationship: number): readonly number[] {
  const { needs } = run.estate
  const slot = needs.slot[relationship]!
  if (slot < 0) return [relationship]
  const group = needs.groupOfSlot[slot]!
  const isOne = needs.confirmedCount[group]! > 0
  return isOne ? Array.from(needs.members.subarray(needs.start[group], needs.start[group + 1])) : [relationship]
}

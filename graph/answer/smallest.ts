import type { Step } from '../wire.ts'
import type { Remedy } from './model.ts'

/** A rotation as somebody might prepare it: ids of the places that get the value, and what is done to consumers. */
export interface Prepared {
  readonly publish: readonly string[]
  readonly done: readonly Remedy[]
}

/** One thing that can be done or left. */
export interface Candidate extends Prepared {
  readonly id: string
  readonly describe: (needing: readonly number[]) => Pick<Step, 'title' | 'detail' | 'confirmed'> & Partial<Step>
}

/** A candidate of the smallest set, with who is lost without it. */
export interface Chosen {
  readonly candidate: Candidate
  readonly needing: ReadonlySet<number>
}

/** Beyond so many that can stand in for each other, the first set that does is taken, not the smallest. */
const MOST_TRIED = 6

/**
 * The fewest candidates with which nobody is lost who is not lost with all of them. What somebody is lost without is in
 * it; of what can stand in for each other the fewest are added, in the order given.
 * @param lost Who is not saved with these candidates.
 */
export function smallest(
  candidates: readonly Candidate[],
  lost: (some: readonly Candidate[]) => readonly number[],
): Chosen[] {
  const needing = new Map(
    candidates.map((one) => [one, new Set(lost(candidates.filter((other) => other !== one)))] as const),
  )
  const essential = candidates.filter((one) => needing.get(one)!.size > 0)
  const spare = candidates.filter((one) => needing.get(one)!.size === 0)
  if (spare.length === 0 || lost(essential).length === 0) return chosen(essential, needing)
  const tried = spare.length > MOST_TRIED ? [spare] : subsets(spare)
  for (const some of tried) {
    const set = candidates.filter((one) => essential.includes(one) || some.includes(one))
    if (lost(set).length > 0) continue
    return chosen(set, new Map(set.map((one) => [one, new Set(lost(set.filter((other) => other !== one)))] as const)))
  }
  return chosen(candidates, needing)
}

function chosen(set: readonly Candidate[], needing: ReadonlyMap<Candidate, ReadonlySet<number>>): Chosen[] {
  return set.map((candidate) => ({ candidate, needing: needing.get(candidate)! }))
}

/** All but the empty one, the smaller first. */
function subsets(items: readonly Candidate[]): Candidate[][] {
  const found: Candidate[][] = []
  for (let mask = 1; mask < 1 << items.length; mask++) found.push(items.filter((_, at) => mask & (1 << at)))
  return found.sort((a, b) => a.length - b.length)
}

import { bareModel } from '../answer/victims.ts'
import { placesOf } from '../answer/subject.ts'
import { along, type Estate } from '../estate/estate.ts'
import { fallOf } from '../reach/fall.ts'

/** What a credential needs for its own change to arrive; entity numbers. */
export interface Upstream {
  readonly certain: ReadonlySet<number>
  /** Only in the worst case, and not in `certain`. */
  readonly possible: ReadonlySet<number>
}

/**
 * For each of these credentials, which of them it needs for its own change to arrive: the fall of one takes the other, a
 * place that keeps the other, or who carries the other's value (what syncs it, what reads it out). Asked of the
 * engine, one fall each.
 */
export function upstreamOf(estate: Estate, credentials: readonly number[]): Map<number, Upstream> {
  const model = bareModel(estate)
  const ways = credentials.map((credential) => ({ credential, needs: waysTo(estate, credential) }))
  const found = new Map(
    credentials.map((one) => [one, { certain: new Set<number>(), possible: new Set<number>() }] as const),
  )
  for (const upstream of credentials) {
    const fall = fallOf(model, { struck: [upstream] })
    const certain = new Set<number>(fall.certain)
    const possible = new Set<number>(fall.possible)
    for (const { credential, needs } of ways) {
      if (credential === upstream) continue
      if (needs.some((index) => certain.has(index))) found.get(credential)!.certain.add(upstream)
      else if (needs.some((index) => possible.has(index))) found.get(credential)!.possible.add(upstream)
    }
  }
  return found
}

/** The credential, the places of its value, and whoever carries the value between or out of them. */
function waysTo(estate: Estate, credential: number): number[] {
  const needs = new Set([credential])
  const carriers = (number: number): void => {
    for (const id of estate.relationships[number]!.by ?? []) {
      const index = estate.indexOf.get(id)
      if (index !== undefined) needs.add(index)
    }
  }
  for (const { index } of placesOf(estate, credential)) {
    needs.add(index)
    for (const number of [...along(estate.out, index), ...along(estate.in, index)]) {
      const { kind, confidence } = estate.relationships[number]!
      if (confidence !== 'none' && (kind === 'SYNCED_FROM' || kind === 'USES_SECRET')) carriers(number)
    }
  }
  return [...needs]
}

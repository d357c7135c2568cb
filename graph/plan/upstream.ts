import { bareModel } from '../answer/victims.ts'
import { placesOf } from '../answer/subject.ts'
import { along, type Estate } from '../estate/estate.ts'
import { fallOf } from '../reach/fall.ts'

/**
 * For each of these credentials, which of them it needs for its own change to arrive: the fall of one takes the other, a
 * place that keeps the other, or who carries the other's value (what syncs it, what reads it out). Asked of the
 * engine, one fall each, worst case. Entity numbers.
 */
export function upstreamOf(estate: Estate, credentials: readonly number[]): Map<number, Set<number>> {
  const model = bareModel(estate)
  const ways = credentials.map((credential) => ({ credential, needs: waysTo(estate, credential) }))
  const found = new Map(credentials.map((credential) => [credential, new Set<number>()]))
  for (const upstream of credentials) {
    const fallen = new Set<number>(fallOf(model, { struck: [upstream] }).possible)
    for (const { credential, needs } of ways)
      if (credential !== upstream && needs.some((index) => fallen.has(index))) found.get(credential)!.add(upstream)
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

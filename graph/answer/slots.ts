import { along, ends, type Estate } from '../estate/estate.ts'
import { changeRow } from './operations.ts'

/**
 * The other credentials of the same kind and identity, where the platform has no slot left for one more (two access
 * keys a user); empty where there is room, or no limit.
 */
export function slotsTakenBy(estate: Estate, subject: number): number[] {
  const { kind } = estate.entities[subject]!
  const most = changeRow(kind)?.maxConcurrent
  if (typeof most !== 'number' || most < 2) return []
  const siblings = new Set<number>()
  for (const number of along(estate.out, subject)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind !== 'AUTHENTICATES_AS') continue
    for (const other of along(estate.in, ends(estate, relationship).to)) {
      const login = estate.relationships[other]!
      const { from } = ends(estate, login)
      if (login.kind === 'AUTHENTICATES_AS' && estate.entities[from]!.kind === kind) siblings.add(from)
    }
  }
  return siblings.size < most ? [] : [...siblings].filter((index) => index !== subject)
}

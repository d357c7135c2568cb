import { along, type Estate } from '../estate/estate.ts'
import { changeRow } from './operations.ts'
import { textProp } from './things.ts'
import { daysBetween, UNUSED_AFTER_DAYS } from './unused.ts'

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
    for (const other of along(estate.in, estate.heads[number]!)) {
      const login = estate.relationships[other]!
      const from = estate.tails[other]!
      if (login.kind === 'AUTHENTICATES_AS' && estate.entities[from]!.kind === kind) siblings.add(from)
    }
  }
  return siblings.size < most ? [] : [...siblings].filter((index) => index !== subject)
}

/** Does the platform itself say that nobody uses it: never used, not for long, or switched off? */
export function isUnused(estate: Estate, index: number): boolean {
  const entity = estate.entities[index]!
  if (entity.props?.['neverUsed'] === true) return true
  if (['inactive', 'disabled'].includes((textProp(entity, 'status') ?? '').toLowerCase())) return true
  const lastUsed = textProp(entity, 'lastUsedAt')
  const moment = estate.snapshot.at
  if (lastUsed === undefined || moment === null) return false
  const days = daysBetween(lastUsed, moment)
  return Number.isFinite(days) && days > UNUSED_AFTER_DAYS
}

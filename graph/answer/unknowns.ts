import { along, type Estate } from '../estate/estate.ts'
import { deliveryModes } from '../kinds/delivery.ts'
import type { Coverage, Unknown } from '../wire.ts'
import type { Assessment } from './assess.ts'
import { needsSlot } from './operations.ts'
import { slotsTakenBy } from './slots.ts'
import { textProp } from './things.ts'
import { daysBetween, UNUSED_AFTER_DAYS } from './unused.ts'

/** What is not known, what would settle it, and how many dependents that would settle; most first. */
export function unknownsOf(assessment: Assessment, coverage: Coverage, now: string): Unknown[] {
  const { estate, dependents } = assessment
  const found: Unknown[] = []
  const unknown = dependents.filter((one) => one.verdict === 'unknown')
  const callers = unknown.filter((one) => estate.entities[one.index]!.kind === 'caller')
  if (callers.length)
    found.push({
      reason: `used from ${callers.length === 1 ? 'a place' : `${callers.length} places`} that no known workload explains`,
      settles: 'name who stands behind these addresses and agents',
      count: callers.length,
    })
  const degraded = unknown.filter((one) => one.degraded && one.possible === null)
  if (degraded.length)
    found.push({
      reason: 'goes on with less: whether that is bearable only the owner can say',
      settles: 'ask the owners',
      count: degraded.length,
    })
  const open = unknown.length - callers.length - degraded.length
  if (open > 0)
    found.push({
      reason: 'may break: what it rests on was inferred, or could not be attributed',
      settles: 'confirm or deny the dotted links on its path',
      count: open,
    })
  const unsaid = dependents.filter((one) => one.verdict !== 'keeps' && hasUnknownDelivery(estate, one.index))
  if (unsaid.length)
    found.push({
      reason: 'how the value reaches it is not known, so neither is when it takes a new one',
      settles: 'its manifest, or a word from its owner',
      count: unsaid.length,
    })
  const unexplained = unexplainedUse(assessment, now)
  if (unexplained) found.push(unexplained)
  const others = needsSlot(assessment.op) ? slotsTakenBy(estate, assessment.subject) : []
  if (others.length)
    found.push({
      reason: 'no slot is free for a new value beside the old one',
      settles: `ask what breaks without ${others.map((index) => estate.entities[index]!.name).join(', ')}`,
      count: dependents.length,
    })
  for (const missing of coverage.missing)
    found.push({
      reason: `${missing.source}: ${missing.why}`,
      settles: missing.collect ?? missing.source,
      count: dependents.length,
    })
  return found.sort((a, b) => b.count - a.count)
}

/** The platform saw a recent use, and no log here shows by whom. */
export function unexplainedUse({ estate, subject, users }: Assessment, now: string): Unknown | undefined {
  const lastUsed = textProp(estate.entities[subject]!, 'lastUsedAt')
  if (lastUsed === undefined || daysBetween(lastUsed, now) > UNUSED_AFTER_DAYS) return undefined
  const seen = users.workloads.some((index) => {
    for (const number of along(estate.out, index)) {
      const relationship = estate.relationships[number]!
      if (relationship.kind !== 'USES_CREDENTIAL' && relationship.kind !== 'USES_SECRET') continue
      // A use seen long before the last one does not explain the last one.
      if (relationship.evidence?.some((one) => one.kind === 'observed' && isAbout(one.lastSeen, lastUsed))) return true
    }
    return false
  })
  if (seen) return undefined
  return {
    reason: `last used ${lastUsed.slice(0, 10)}, and no log here shows by whom`,
    settles: 'a log of its use that covers that day',
    count: 0,
  }
}

/** Seen at most a day before the platform's own word for the last use; the platform is coarse, and logs lag. */
function isAbout(seen: string | undefined, lastUsed: string): boolean {
  return seen !== undefined && daysBetween(seen, lastUsed) <= 1
}

function hasUnknownDelivery(estate: Estate, index: number): boolean {
  if (estate.entities[index]!.kind === 'caller') return false
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.kind !== 'USES_SECRET' && relationship.kind !== 'USES_CREDENTIAL') continue
    if (relationship.delivery === undefined && relationship.pickup === undefined) return true
  }
  return false
}

/** How a workload gets a value, in words. */
export function deliveryWords(relationship: { delivery?: keyof typeof deliveryModes }): string | undefined {
  return relationship.delivery && deliveryModes[relationship.delivery].words
}

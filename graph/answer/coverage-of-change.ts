import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Coverage } from '../wire.ts'
import type { Assessment } from './assess.ts'
import { coverageOf } from './coverage.ts'

/** Beyond so many the others lack what these lack. */
const MOST_ASKED = 200

/**
 * What an answer about a change stands on and lacks: of a credential its own sources, of a set of changes those of
 * everything in it. Of what serves others no source shows everybody who calls it, so such an answer is never complete.
 */
export function coverageOfChange({ estate, subject, op, targets }: Assessment, now: string): Coverage {
  const own = coverageOf(estate, subject, now)
  const others = targets.entities.filter((index) => index !== subject).slice(0, MOST_ASKED)
  const missing = new Map(own.missing.map((one) => [one.source, one]))
  for (const index of others) for (const one of coverageOf(estate, index, now).missing) missing.set(one.source, one)
  const { kind, name } = estate.entities[subject]!
  const { role } = entityKinds[kind]
  if (op === 'offboard')
    missing.set('what it was given', {
      source: 'what it was given',
      why: `only what is stated as ${name}’s is in this answer`,
      collect: 'state in a bundle what it supplies, owns or holds, and ask whoever works with it',
    })
  else if (['workload', 'system', 'other'].includes(role))
    missing.set('who calls it', {
      source: 'who calls it',
      why: 'no source here shows everybody who needs it',
      collect: 'state its dependants in a bundle or a catalog',
    })
  if (missing.size === own.missing.length) return own
  const found = [...missing.values()]
  return {
    ...own,
    state: 'partial',
    missing: found,
    sentence: `Missing: ${found.map(({ source }) => source).join('; ')}. Until then the best answer is “cannot say yet”.`,
  }
}

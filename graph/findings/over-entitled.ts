import { along } from '../estate/estate.ts'
import type { Finding } from './finding.ts'
import { evidenceOf, namesOf } from './scene.ts'

/** Fewer rights than these say nothing: an identity in use is not told from one that keeps a right in reserve. */
const FEWEST = 3

export const overEntitled: Finding = {
  id: 'over-entitled',
  title: 'More rights than use',
  todo: 'take away what no log shows in use',
  level: 'medium',
  controls: ['NHI5', 'PR.AA-05', 'ZT 6'],
  look({ estate, identities }) {
    for (const identity of identities) {
      const granted: number[] = []
      let used = 0
      for (const number of along(estate.out, identity)) {
        const relationship = estate.relationships[number]!
        if (relationship.kind !== 'CAN_ACCESS' && relationship.kind !== 'ASSUMES') continue
        if (relationship.evidence?.some(({ kind }) => kind === 'observed')) used++
        else granted.push(estate.heads[number]!)
      }
      // Without any use in a log nothing says which rights are idle.
      if (used === 0 || granted.length < FEWEST || granted.length < used) continue
      return {
        reason: `${estate.entities[identity]!.name} may reach ${granted.length + used} things and used ${used}: not ${namesOf(estate, granted)}`,
        evidence: evidenceOf(estate.entities[identity]),
      }
    }
    return null
  },
}

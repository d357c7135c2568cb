import type { Finding } from './finding.ts'
import { evidenceOf, namesOf } from './scene.ts'

export const forgottenCopy: Finding = {
  id: 'forgotten-copy',
  title: 'Copy that nothing refreshes',
  todo: 'synchronise it, or publish to it by hand',
  level: 'high',
  controls: ['NHI2', 'NHI9', 'PR.AA-01'],
  look({ estate, places }) {
    const put = places.filter((place) => place.put)
    if (!put.some((place) => place.vault)) return null
    const copies = put.filter((place) => !place.vault).map(({ index }) => index)
    if (copies.length === 0) return null
    return {
      reason: `a vault keeps it, and ${namesOf(estate, copies)} has a copy of its own that a rotation does not reach`,
      evidence: evidenceOf(...copies.map((index) => estate.entities[index])),
    }
  },
}

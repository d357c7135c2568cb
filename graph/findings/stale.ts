import { UNUSED_AFTER_DAYS } from '../answer/unused.ts'
import type { Finding } from './finding.ts'
import { ageOf, evidenceOf } from './scene.ts'

export const stale: Finding = {
  id: 'stale',
  title: `Not used in ${UNUSED_AFTER_DAYS} days`,
  todo: 'a safe first wave',
  level: 'medium',
  controls: ['NHI1', 'PR.AA-01'],
  look(scene) {
    if (scene.entity.props?.['breakGlass'] === true) return null
    const idle = ageOf(scene, 'lastUsedAt')
    if (idle !== undefined && idle > UNUSED_AFTER_DAYS)
      return { reason: `last used ${idle} days ago, as the platform says`, evidence: evidenceOf(scene.entity) }
    return null
  },
}

import { changeRow } from '../answer/operations.ts'
import type { Finding } from './finding.ts'
import { ageOf, evidenceOf } from './scene.ts'

/** CIS AWS Foundations Benchmark 1.14 asks for 90 days; twice that is no slip any more. */
const OLD_DAYS = 180

export const neverRotated: Finding = {
  id: 'never-rotated',
  title: 'Not rotated',
  todo: 'rotate it, then give it a rule',
  level: 'medium',
  controls: ['NHI7', 'PR.AA-01'],
  look(scene) {
    const ttl = changeRow(scene.entity.kind)?.defaultTtl
    if (ttl !== undefined && ttl !== 'none' && ttl !== 'cfg') return null
    const age = ageOf(scene, 'lastRotatedAt', 'createdAt', 'updatedAt')
    if (age === undefined || age < OLD_DAYS) return null
    const since = scene.entity.props?.['lastRotatedAt'] === undefined ? 'made' : 'last rotated'
    return { reason: `${since} ${age} days ago`, evidence: evidenceOf(scene.entity) }
  },
}

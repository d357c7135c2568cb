import { changeRow } from '../answer/operations.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Finding } from './finding.ts'
import { evidenceOf, namesOf, textAround } from './scene.ts'

const ciPlanes = new Set<string>(['github', 'gitlab', 'ci'])
const jobWords = ['backup', 'batch', 'export', 'import', 'cron', 'nightly']

/** A pipeline or a batch job with a credential that stands, and neither a rule to rotate it nor an owner. */
export const outsideLifecycle: Finding = {
  id: 'outside-lifecycle',
  title: 'Pipelines, backups and batches outside the lifecycle',
  todo: 'give it an owner and a rule, or federate it',
  level: 'medium',
  controls: ['NHI6', 'NHI7', 'PR.AA-01'],
  look(scene) {
    const { estate, users, entity, owner } = scene
    if (changeRow(entity.kind)?.defaultTtl !== 'none') return null
    if (owner !== null && textAround(scene, 'rotation', 'rotationRule', 'rotationSchedule') !== undefined) return null
    const jobs = users.filter((index) => {
      const { kind, name } = estate.entities[index]!
      if (kind === 'caller') return false
      if (ciPlanes.has(entityKinds[kind].plane) || kind === 'k8s.cron_job') return true
      return jobWords.some((word) => name.toLowerCase().includes(word))
    })
    if (jobs.length === 0) return null
    const lacks = [owner === null && 'no owner', 'no rule to rotate it'].filter((word) => word !== false).join(' and ')
    return { reason: `${namesOf(estate, jobs)} runs with it, with ${lacks}`, evidence: evidenceOf(entity) }
  },
}

import type { Finding } from './finding.ts'
import { evidenceOf, namesOf } from './scene.ts'

export const shared: Finding = {
  id: 'shared',
  title: 'Shared by systems',
  todo: 'split it before you rotate it',
  level: 'medium',
  controls: ['NHI9', 'PR.AA-01', 'ZT 3'],
  look: ({ estate, systems, entity }) =>
    systems.length < 2
      ? null
      : { reason: `${systems.length} systems use it: ${namesOf(estate, systems)}`, evidence: evidenceOf(entity) },
}

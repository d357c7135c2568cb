import { ends } from '../estate/estate.ts'
import { deliveryModes } from '../kinds/delivery.ts'
import type { Finding } from './finding.ts'
import { evidenceOf, namesOf, usesOf } from './scene.ts'

const modes = new Set<string | undefined>(['hardcoded', 'baked_image'])

export const hardCoded: Finding = {
  id: 'hard-coded',
  title: 'Hard-coded in code or image',
  todo: 'move it out before you rotate it',
  level: 'high',
  controls: ['NHI2', 'NHI7', 'PR.AA-01'],
  look(scene) {
    const uses = [...usesOf(scene)].filter(({ delivery }) => modes.has(delivery))
    if (uses.length === 0) return null
    const how = [...new Set(uses.map(({ delivery }) => deliveryModes[delivery!].words))].join(', ')
    const who = uses.map((one) => ends(scene.estate, one).from)
    return { reason: `${how} in ${namesOf(scene.estate, who)}`, evidence: evidenceOf(...uses) }
  },
}

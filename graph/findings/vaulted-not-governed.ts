import { changeRow } from '../answer/operations.ts'
import type { Finding } from './finding.ts'
import { evidenceOf, namesOf, textAround } from './scene.ts'

export const vaultedNotGoverned: Finding = {
  id: 'vaulted-not-governed',
  title: 'Vaulted, but not governed',
  todo: 'a vault alone changes nothing: split, rotate, remove copies',
  level: 'medium',
  controls: ['NHI7', 'NHI9', 'PR.AA-01', 'ZT 3'],
  look(scene) {
    const { estate, places, systems, entity } = scene
    const vaults = places.filter((place) => place.vault).map(({ index }) => index)
    if (vaults.length === 0) return null
    const copies = places.filter((place) => place.put && !place.vault).length
    const standing = changeRow(entity.kind)?.defaultTtl === 'none'
    const ruled = textAround(scene, 'rotation', 'rotationRule', 'rotationSchedule') !== undefined
    const why = [
      systems.length > 1 && `shared by ${systems.length} systems`,
      copies > 0 && `copied to ${copies} ${copies === 1 ? 'other place' : 'other places'}`,
      standing && !ruled && 'standing, without a rule to rotate it',
    ].filter((word) => word !== false)
    // One of them alone has its own finding; two together make a vault a drawer.
    if (why.length < 2) return null
    return { reason: `in ${namesOf(estate, vaults)}, yet ${why.join(', ')}`, evidence: evidenceOf(entity) }
  },
}

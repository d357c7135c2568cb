import type { Finding } from './finding.ts'
import { evidenceOf, headsOf } from './scene.ts'

export const vendorWithoutContact: Finding = {
  id: 'vendor-without-contact',
  title: 'Vendor without a contact',
  todo: 'write down whom to call there',
  level: 'medium',
  controls: ['NHI3', 'GV.SC-05', 'GV.OC-03'],
  look({ estate, credential, users }) {
    for (const index of [credential, ...users])
      for (const vendor of headsOf(estate, index, 'SUPPLIED_BY')) {
        const { name, props } = estate.entities[vendor]!
        if (typeof props?.['contact'] === 'string' || typeof props?.['vendorContact'] === 'string') continue
        return {
          reason: `${name} has part in it, and no contact is known`,
          evidence: evidenceOf(estate.entities[vendor]),
        }
      }
    return null
  },
}

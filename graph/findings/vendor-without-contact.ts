import type { Finding } from './finding.ts'
import type { Estate } from '../estate/estate.ts'
import { evidenceOf } from './scene.ts'

export const vendorWithoutContact: Finding = {
  id: 'vendor-without-contact',
  title: 'Vendor without a contact',
  todo: 'write down whom to call there',
  level: 'medium',
  controls: ['NHI3', 'GV.SC-05', 'GV.OC-03'],
  look({ estate, credential, users }) {
    const vendors = vendorsOf(estate)
    if (vendors.size === 0) return null
    for (const index of [credential, ...users])
      for (const vendor of vendors.get(index) ?? []) {
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

const cache = new WeakMap<Estate, ReadonlyMap<number, readonly number[]>>()

/** By what is supplied: few things are, and all users of all credentials are asked for it. */
function vendorsOf(estate: Estate): ReadonlyMap<number, readonly number[]> {
  const known = cache.get(estate)
  if (known) return known
  const vendors = new Map<number, number[]>()
  estate.relationships.forEach(({ kind, confidence }, number) => {
    if (kind !== 'SUPPLIED_BY' || confidence === 'none') return
    const supplied = estate.tails[number]!
    const some = vendors.get(supplied)
    if (some) some.push(estate.heads[number]!)
    else vendors.set(supplied, [estate.heads[number]!])
  })
  cache.set(estate, vendors)
  return vendors
}

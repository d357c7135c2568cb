import type { Finding } from './finding.ts'
import { evidenceOf } from './scene.ts'

/** Names of policies and roles that mean everything, as the platforms call them. */
const mighty = [
  ['AdministratorAccess', 'AdministratorAccess'],
  ['PowerUserAccess', 'PowerUserAccess'],
  ['IAMFullAccess', 'IAMFullAccess'],
  ['cluster-admin', 'cluster-admin'],
  ['roles/owner', 'the role Owner'],
  ['roles/editor', 'the role Editor'],
  ['Owner', 'the role Owner'],
  ['Contributor', 'the role Contributor'],
] as const

export const standingPrivilege: Finding = {
  id: 'standing-privilege',
  title: 'Standing privilege',
  todo: 'give the right for the time it is needed',
  level: 'high',
  controls: ['NHI5', 'PR.AA-05', 'ZT 3', 'ZT 6'],
  look({ estate, identities, entity }) {
    if (entity.props?.['breakGlass'] === true) return null
    for (const index of identities) {
      const identity = estate.entities[index]!
      const policies = identity.props?.['policies']
      const held = Array.isArray(policies) ? policies : []
      const found = mighty.find(([name]) => held.some((policy) => policy === name || policy.endsWith(`/${name}`)))
      if (found)
        return {
          reason: `${identity.name} has ${found[1]} at all times, and this credential does not end by itself`,
          evidence: evidenceOf(identity),
        }
    }
    return null
  },
}

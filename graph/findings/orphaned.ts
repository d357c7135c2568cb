import { entityKinds } from '../kinds/entity-kinds.ts'
import type { Estate } from '../estate/estate.ts'
import type { KnownEntity } from '../known.ts'
import type { Finding } from './finding.ts'
import { evidenceOf, headsOf } from './scene.ts'

/** An identity that is gone, or an owner that no list of teams has. */
export const orphaned: Finding = {
  id: 'orphaned',
  title: 'Orphaned',
  todo: 'find who took over, or retire it',
  level: 'high',
  controls: ['NHI1', 'PR.AA-01', 'GV.OV'],
  look({ estate, entity, around, identities, credential, owner }) {
    const gone = identities.map((index) => estate.entities[index]!).find(isGone)
    if (gone !== undefined)
      return {
        reason: `the identity it proves, ${gone.name}, is only named: no source describes it any more`,
        evidence: evidenceOf(entity),
      }
    const listed = ownersOf(estate)
    if (owner === null || listed.size === 0 || listed.has(plain(owner))) return null
    const teams = [credential, ...identities].flatMap((index) => headsOf(estate, index, 'OWNED_BY'))
    if (teams.some((team) => isListed(estate.entities[team]!))) return null
    return { reason: `${owner} is said to own it, and no list of teams has it`, evidence: evidenceOf(...around) }
  },
}

/** Named by a relationship, and described by nothing, although its platform lists such identities. */
function isGone({ kind, evidence, props }: KnownEntity): boolean {
  const { role, plane } = entityKinds[kind]
  return role === 'identity' && plane === 'aws' && evidence === undefined && props === undefined
}

const cache = new WeakMap<Estate, ReadonlySet<string>>()

/** Teams that a source lists, by every name they have; empty where no source lists any. */
function ownersOf(estate: Estate): ReadonlySet<string> {
  const known = cache.get(estate)
  if (known) return known
  const found = new Set<string>()
  for (const { kind, name, key, aliases = [], evidence } of estate.entities) {
    if (kind !== 'business.team' || !isListed({ evidence })) continue
    for (const one of [name, key.slice(key.indexOf(':') + 1), key.split('/').at(-1)!, ...aliases]) found.add(plain(one))
  }
  cache.set(estate, found)
  return found
}

/** A label that names a team proves no team; a catalog or a person does. */
function isListed({ evidence }: { readonly evidence?: KnownEntity['evidence'] | undefined }): boolean {
  return evidence?.some(({ kind }) => kind === 'asserted') === true
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

import { buildEstate, type Estate } from '../estate/build.ts'
import type { EntityFact, RelationshipFact } from '../facts.ts'
import { idOf } from '../ids.ts'
import { startMerge } from '../merge.ts'

export const NOW = '2026-11-20T04:00:00Z'

/** An estate written in code; things that only relationships name get the usual role of their end. */
export function estateOf(
  entities: readonly EntityFact[],
  relationships: readonly RelationshipFact[],
  importers: readonly string[] = ['aws-access-keys', 'cloudtrail'],
): Estate {
  const merge = startMerge()
  entities.forEach(merge.entity)
  relationships.forEach((one) => merge.relationship({ evidence: [{ source: 'test', kind: 'declared' }], ...one }))
  const facts = merge.finish()
  const scopes = importers.map((importer, at) => ({
    scope: `${importer}:test`,
    title: importer,
    importer,
    importerTitle: importer,
    nature: importer === 'cloudtrail' ? ('log' as const) : ('snapshot' as const),
    complete: true,
    at: NOW,
    files: [],
    blindTo: [],
    facts: at === 0 ? facts : startMerge().finish(),
  }))
  return buildEstate(scopes, { id: 'test', at: NOW, sample: false })
}

export function indexIn(estate: Estate, key: string): number {
  const index = estate.indexOf.get(idOf(key))
  if (index === undefined) throw new Error(`no ${key} in this estate`)
  return index
}

export function namesOf(estate: Estate, indexes: Iterable<number>): string[] {
  return [...indexes].map((index) => estate.entities[index]!.key)
}

/** Evidence that a log shows use at a time. */
export const seen = (lastSeen: string) => [{ source: 'cloudtrail', kind: 'observed' as const, lastSeen }]

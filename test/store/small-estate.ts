import { idOf, relationshipKey } from '../../graph/ids.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../../graph/known.ts'
import type { ImportDraft } from '../../server/store/contract.ts'

/** Facts in short: `entities` as `key: props`, `links` as `'job USES_SECRET secret'`. */
export function factsOf(entities: Record<string, Partial<KnownEntity>>, links: readonly string[] = []): KnownFacts {
  const known = new Map<string, KnownEntity>()
  for (const [key, more] of Object.entries(entities)) {
    const one: KnownEntity = { id: idOf(key), key, kind: 'generic.other', name: key, ...more }
    known.set(one.id, one)
  }
  const relationships = new Map<string, KnownRelationship>()
  for (const link of links) {
    const [from, kind, to] = link.split(' ') as [string, KnownRelationship['kind'], string]
    const id = idOf(relationshipKey({ kind, from, to }))
    relationships.set(id, { id, kind, from: idOf(from), to: idOf(to) })
  }
  return { entities: known, relationships }
}

export function draftOf(scope: string, more: Partial<ImportDraft> = {}): ImportDraft {
  return {
    scope,
    scopeTitle: `Scope ${scope}`,
    importer: 'bundle',
    importerVersion: '1',
    nature: 'snapshot',
    complete: true,
    files: [{ name: 'estate.json', sha256: 'a'.repeat(64), bytes: 12 }],
    at: '2025-03-01T08:00:00Z',
    counts: { entities: 1, relationships: 0, read: 1, mapped: 1, merged: 0, skipped: 0 },
    coverage: { blindTo: ['use outside'], listed: [{ what: 'everything', finished: true }] },
    ...more,
  }
}

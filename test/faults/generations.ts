import { idOf } from '../../graph/ids.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from '../../graph/known.ts'
import { segmentsOf } from '../../graph/segments.ts'
import { rootOf, sha256 } from '../../server/store/hashing.ts'

export interface Size {
  readonly entities: number
  readonly relationships: number
}

const ids = new Map<string, string>()
function idFor(key: string): string {
  let id = ids.get(key)
  if (id === undefined) ids.set(key, (id = idOf(key)))
  return id
}

/** The facts of one scope as its n-th import: every segment differs from that of the import before. */
export function generationOf(number: number, { entities, relationships }: Size): KnownFacts {
  const things = new Map<string, KnownEntity>()
  for (let i = 0; i < entities; i++) {
    const key = `thing ${i}`
    const name = i % 10 === 0 ? `Thing ${i} of import ${number}` : key
    things.set(idFor(key), { id: idFor(key), key, kind: 'generic.secret', name, props: { owner: `Team ${i % 7}` } })
  }
  const links = new Map<string, KnownRelationship>()
  for (let i = 0; i < relationships; i++) {
    const id = idFor(`link ${i}`)
    const [from, to] = [idFor(`thing ${i % entities}`), idFor(`thing ${(i * 31) % entities}`)]
    links.set(id, {
      id,
      kind: 'SYNCED_FROM',
      from,
      to,
      evidence: [{ source: 'test', kind: 'declared', record: `${i}` }],
    })
  }
  return { entities: things, relationships: links }
}

export function rootOfFacts(facts: KnownFacts): string {
  return rootOf([...segmentsOf(facts)].map(({ text }) => sha256(text)))
}

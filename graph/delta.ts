import type { KnownEntity, KnownFacts, KnownRelationship } from './known.ts'
import { canonical } from './canonical.ts'

/** What changed between two states of one kind of thing; plain data, reversible by swapping `before` and `after`. */
export interface Change<T> {
  readonly added: readonly T[]
  readonly changed: readonly { readonly before: T; readonly after: T }[]
  readonly retired: readonly T[]
}

export interface Delta {
  readonly entities: Change<KnownEntity>
  readonly relationships: Change<KnownRelationship>
}

function difference<T extends { readonly id: string }>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): Change<T> {
  const added: T[] = []
  const changed: { before: T; after: T }[] = []
  const retired: T[] = []
  for (const [id, now] of after) {
    const then = before.get(id)
    if (!then) added.push(now)
    else if (then !== now && canonical(then) !== canonical(now)) changed.push({ before: then, after: now })
  }
  for (const [id, then] of before) if (!after.has(id)) retired.push(then)
  return { added, changed, retired }
}

/** What an import would change: the preview shown before it, and what the projection into Neo4j rolls forward. */
export function delta(before: KnownFacts, after: KnownFacts): Delta {
  return {
    entities: difference(before.entities, after.entities),
    relationships: difference(before.relationships, after.relationships),
  }
}

/** The way back. */
export function reversed(forward: Delta): Delta {
  const back = <T>(change: Change<T>): Change<T> => ({
    added: change.retired,
    retired: change.added,
    changed: change.changed.map(({ before, after }) => ({ before: after, after: before })),
  })
  return { entities: back(forward.entities), relationships: back(forward.relationships) }
}

export interface DeltaCounts {
  readonly added: number
  readonly changed: number
  readonly retired: number
}

export function counts(change: Change<unknown>): DeltaCounts {
  return { added: change.added.length, changed: change.changed.length, retired: change.retired.length }
}

export function isEmpty(both: Delta): boolean {
  return [both.entities, both.relationships].every(
    (change) => change.added.length + change.changed.length + change.retired.length === 0,
  )
}

import type { DeltaCounts } from '../../graph/delta.ts'
import { counts, delta } from '../../graph/delta.ts'
import type { KnownFacts } from '../../graph/known.ts'
import { factsOf, SEGMENTS, segmentsOf } from '../../graph/segments.ts'
import type { KeptScope } from '../estate/keeper.ts'
import type { HashedSegment } from '../store/scope-facts.ts'
import { sha256 } from '../store/hashing.ts'
import type { FlatFacts } from './flat/flat-merge.ts'
import { segmentDelta } from './flat/segment-delta.ts'

/** What a scope is to know: how much, how that differs from what it knows, and the segments to store. */
export interface ScopeContent {
  readonly entities: number
  readonly relationships: number
  readonly change: { readonly entities: DeltaCounts; readonly relationships: DeltaCounts }
  /** All 256 in order, each made when it is asked for. */
  segments(): Iterable<HashedSegment>
}

/** Of what was read alone: nothing of it becomes an object. */
export async function flatContent(facts: FlatFacts, head: KeptScope | undefined): Promise<ScopeContent> {
  const { entities, relationships } = facts
  return {
    entities,
    relationships,
    change: head ? await changeBetween(head, facts) : { entities: came(entities), relationships: came(relationships) },
    *segments() {
      for (let bucket = 0; bucket < SEGMENTS; bucket++) {
        const bytes = facts.segment(bucket)
        yield { hash: sha256(bytes), bytes }
      }
    },
  }
}

const came = (added: number): DeltaCounts => ({ added, changed: 0, retired: 0 })

async function changeBetween(head: KeptScope, facts: FlatFacts): Promise<ScopeContent['change']> {
  const entities = { added: 0, changed: 0, retired: 0 }
  const relationships = { added: 0, changed: 0, retired: 0 }
  for (let bucket = 0; bucket < SEGMENTS; bucket++) {
    const now = facts.segment(bucket)
    if (head.manifest.segments[bucket] === sha256(now)) continue
    const then = await head.segment(bucket)
    const change = segmentDelta(Buffer.from(then.buffer, then.byteOffset, then.length), now)
    for (const sort of ['added', 'changed', 'retired'] as const) {
      entities[sort] += change.entities[sort]
      relationships[sort] += change.relationships[sort]
    }
  }
  return { entities, relationships }
}

/** Of what was brought together with what is known. */
export function knownContent(facts: KnownFacts, head: KnownFacts): ScopeContent {
  const change = delta(head, facts)
  return {
    entities: facts.entities.size,
    relationships: facts.relationships.size,
    change: { entities: counts(change.entities), relationships: counts(change.relationships) },
    *segments() {
      for (const { text } of segmentsOf(facts)) {
        const bytes = Buffer.from(text)
        yield { hash: sha256(bytes), bytes }
      }
    },
  }
}

/** As objects: where it has to be brought together with what is known. */
export function knownFacts(facts: FlatFacts): KnownFacts {
  return factsOf(Array.from({ length: SEGMENTS }, (_, bucket) => ({ bucket, text: facts.segment(bucket).toString() })))
}

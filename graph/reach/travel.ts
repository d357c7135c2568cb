import { copyOf, int32s, uint8s } from '../arrays.ts'
import { entityKinds } from '../kinds/entity-kinds.ts'
import { evidenceKinds, evidenceKindNames, type EvidenceKind } from '../kinds/evidence.ts'
import { relationshipKinds } from '../kinds/relationship-kinds.ts'
import type { Estate, EstateRelationship } from '../estate/estate.ts'

/**
 * The estate as compromise travels it (engine.md, "One rule for every arrow"), in flat arrays: relationship numbers
 * that leave each entity, and where each of them comes from and leads. Built once per estate.
 */
export interface Travel {
  readonly size: number
  /** Entity that a relationship is travelled from, by relationship number; -1 for one that carries no compromise. */
  readonly from: Int32Array
  readonly to: Int32Array
  /** `evidenceKinds[…].strength`, by relationship number. */
  readonly strength: Uint8Array
  /** `list[start[i]] … list[start[i + 1] - 1]` leave entity `i`. */
  readonly start: Int32Array
  readonly list: Int32Array
}

const cache = new WeakMap<Estate, Travel>()

export function travelOf(estate: Estate): Travel {
  const known = cache.get(estate)
  if (known) return known
  const size = estate.entities.length
  const { tails, heads } = estate
  const from = int32s(estate.relationships.length).fill(-1)
  const to = int32s(estate.relationships.length).fill(-1)
  const strength = uint8s(estate.relationships.length)
  const start = int32s(size + 1)
  estate.relationships.forEach((relationship, number) => {
    const [tail, head] = [tails[number]!, heads[number]!]
    const { reaches } = relationshipKinds[relationship.kind]
    if (reaches === 'no' || tail === head || isDescription(estate, relationship, head) || isSaidTwice(relationship))
      return
    from[number] = reaches === 'along' ? tail : head
    to[number] = reaches === 'along' ? head : tail
    strength[number] = evidenceKinds[evidenceOf(relationship)].strength
    start[from[number]! + 1]!++
  })
  for (let i = 0; i < size; i++) start[i + 1]! += start[i]!
  const list = int32s(start[size]!)
  const next = copyOf(start)
  from.forEach((at, number) => {
    if (at >= 0) list[next[at]!++] = number
  })
  const travel = { size, from, to, strength, start, list }
  cache.set(estate, travel)
  return travel
}

/** An account holds what is in it; a user "contains" its inline policy, and acting as the user changes no policy. */
function isDescription(estate: Estate, { kind }: EstateRelationship, head: number): boolean {
  return kind === 'CONTAINED_IN' && entityKinds[estate.entities[head]!.kind].role === 'identity'
}

/** What the group gives is said of the member itself, less what is denied to it (graph/access). */
function isSaidTwice({ kind, props }: EstateRelationship): boolean {
  return kind === 'MEMBER_OF' && props?.['saidOfMember'] === true
}

/** The strongest evidence of a relationship; one without any was deduced. */
export function evidenceOf({ evidence = [] }: EstateRelationship): EvidenceKind {
  let best: EvidenceKind = 'inferred'
  for (const { kind } of evidence) if (evidenceKinds[kind].strength > evidenceKinds[best].strength) best = kind
  return best
}

/** Strengths that occur, strongest first. */
export const strengths: readonly number[] = [
  ...new Set(evidenceKindNames.map((kind) => evidenceKinds[kind].strength)),
].sort((a, b) => b - a)

export function evidenceOfStrength(strength: number): EvidenceKind {
  return evidenceKindNames.find((kind) => evidenceKinds[kind].strength === strength)!
}

import type { EntityFact, ObservationFact, RelationshipFact } from '../../../graph/facts.ts'
import { idOf, wholeKey } from '../../../graph/ids.ts'
import { genericKind } from '../../../graph/kinds/entity-kinds.ts'
import { relationshipKindNames, relationshipKinds } from '../../../graph/kinds/relationship-kinds.ts'
import { roles } from '../../../graph/kinds/roles.ts'
import type { KnownRelationship } from '../../../graph/known.ts'
import { entityLine, relationshipLine } from '../../../graph/known-text.ts'
import { entityOf, observationOf, relationshipOf } from '../../../graph/merge.ts'
import { foldLines } from './fold-lines.ts'
import { heapOf } from './id-order.ts'
import { lineTable, type LineTable } from './line-table.ts'

/**
 * `startMerge` for imports of any size: what it knows at the end is the same, to the byte of each segment, but it holds
 * lines instead of objects (test/laws/merge). Facts of one id are folded at the end, and before that where many came.
 */
export interface FlatMerge {
  entity(fact: EntityFact): void
  relationship(fact: RelationshipFact): void
  observation(fact: ObservationFact): void
  /** Memory that it holds, about. */
  bytes(): number
  /** The end of it: nothing may be added afterwards. */
  finish(): FlatFacts
}

export interface FlatFacts {
  readonly entities: number
  readonly relationships: number
  /** Bytes of one segment (graph/segments), made anew each time. */
  segment(bucket: number): Buffer
}

const kindNumber = new Map(relationshipKindNames.map((kind, number) => [kind, number]))
const rolesOfEnds = relationshipKindNames.map((kind) => {
  const { from, to } = relationshipKinds[kind]
  return { from: roles.indexOf(from), to: roles.indexOf(to) }
})
/** An entity's line has none. */
const NO_KIND = -1
const NO_PLACE = -1
const NO_ROLE = -1
/** From so many lines on it is looked whether many are of one id, and they are folded where that lets go of this share. */
const FOLD_FROM = 1 << 19
const FOLD_SHARE = 0.25
/** A key in the map of all, its id and what is noted of it. */
const PLACE_BYTES = 200

export function startFlatMerge(foldFrom = FOLD_FROM): FlatMerge {
  const lines = lineTable()
  const places = new Map<string, number>()
  const ids: string[] = []
  let keyBytes = 0
  let foldAt = foldFrom
  const placeOf = (key: string): number => places.get(key) ?? newPlace(wholeKey(key))
  const newPlace = (key: string): number => {
    let place = places.get(key)
    if (place === undefined) {
      place = ids.push(idOf(key)) - 1
      places.set(key, place)
      keyBytes += PLACE_BYTES + key.length
    }
    return place
  }
  const id = (key: string): string => ids[placeOf(key)]!
  const addRelationship = (known: KnownRelationship, { from, to }: RelationshipFact | ObservationFact): void => {
    const about = { sort: kindNumber.get(known.kind)!, from: placeOf(from), to: placeOf(to) }
    lines.add({ id: known.id, text: relationshipLine(known), isRelationship: true, ...about })
    foldMany()
  }
  /** Many facts of one id become few: what is held grows with what is known, not with how often it is said. */
  const foldMany = (): void => {
    if (lines.count() < foldAt) return
    const { gone, instead } = foldLines(lines, 'sayings')
    const goneCount = gone.reduce((sum, one) => sum + one, 0)
    if (goneCount - instead.length >= FOLD_SHARE * lines.count()) {
      lines.keep((number) => gone[number] === 0)
      for (const line of instead) lines.add(line)
    }
    foldAt = Math.max(foldFrom, 2 * lines.count())
  }
  return {
    entity(fact) {
      const known = entityOf(fact, id)
      const about = { sort: NO_KIND, from: placeOf(fact.id), to: NO_PLACE }
      lines.add({ id: known.id, text: entityLine(known), isRelationship: false, ...about })
      foldMany()
    },
    relationship: (fact) => addRelationship(relationshipOf(fact, id), fact),
    observation: (fact) => addRelationship(observationOf(fact, id), fact),
    bytes: () => lines.bytes() + keyBytes,
    finish() {
      const { gone, instead } = foldLines(lines, 'all')
      for (const line of instead) lines.add(line)
      addStubs(lines, gone, places, ids)
      return flatFacts(lines, gone)
    },
  }
}

/**
 * An end that no fact describes is kept as a thing of its usual role, named by its key (graph/merge). Where
 * relationships take it for different things, the first role of the table counts, not the first to come.
 */
function addStubs(
  lines: LineTable,
  gone: Uint8Array,
  places: ReadonlyMap<string, number>,
  ids: readonly string[],
): void {
  const role = new Int8Array(ids.length).fill(NO_ROLE)
  const isDescribed = new Uint8Array(ids.length)
  const mention = (place: number, as: number): void => {
    if (role[place] === NO_ROLE || as < role[place]!) role[place] = as
  }
  for (let number = 0; number < lines.count(); number++) {
    if (gone[number] === 1) continue
    const { sort, from, to } = lines.about(number)
    if (sort === NO_KIND) isDescribed[from] = 1
    else {
      mention(from, rolesOfEnds[sort]!.from)
      mention(to, rolesOfEnds[sort]!.to)
    }
  }
  for (const [key, place] of places) {
    if (role[place] === NO_ROLE || isDescribed[place] === 1) continue
    const id = ids[place]!
    const text = entityLine({ id, key, kind: genericKind(roles[role[place]!]!), name: key })
    lines.add({ id, text, isRelationship: false, sort: NO_KIND, from: place, to: NO_PLACE })
  }
}

function flatFacts(lines: LineTable, gone: Uint8Array): FlatFacts {
  let entities = 0
  let relationships = 0
  for (let number = 0; number < lines.count(); number++) {
    if (gone[number] === 1) continue
    if (lines.about(number).sort === NO_KIND) entities++
    else relationships++
  }
  return {
    entities,
    relationships,
    segment(bucket) {
      const heaps = [lines.heap(heapOf(bucket, false)), lines.heap(heapOf(bucket, true))]
      let length = 0
      for (const heap of heaps) for (const number of heap) if (gone[number] !== 1) length += lines.bytesOf(number)
      const bytes = Buffer.allocUnsafeSlow(length)
      let at = 0
      for (const heap of heaps)
        for (const number of heap) {
          if (gone[number] === 1) continue
          lines.write(number, bytes, at)
          at += lines.bytesOf(number)
        }
      return bytes
    },
  }
}

import { entityKindNames, entityKinds } from '../kinds/entity-kinds.ts'
import { relationshipKindNames, relationshipKinds } from '../kinds/relationship-kinds.ts'
import { alternativesOf } from './alternatives.ts'
import { standingBits, type Columns } from './columns.ts'
import { classesOf } from './edge-classes.ts'
import { emptyIndex, type FlatIndex } from './flat-index.ts'
import { WIDE } from './sections.ts'

/**
 * The flat index of an estate. O(entities + relationships), nothing is kept of the columns. Edges of a row keep the
 * order of relationships, so the same columns give the same bytes.
 */
export function indexOf(columns: Columns): FlatIndex {
  const { entityCount, relationshipCount, from, to } = columns
  const classes = classesOf(columns)
  const alternatives = alternativesOf(columns, classes)
  const access = accessEnds(columns)
  let edgeCount = 0
  for (let i = 0; i < relationshipCount; i++) if (classes.of[i]! >= 0) edgeCount++
  const slots = alternatives.groupOfSlot.length
  const index = emptyIndex({
    entities: entityCount,
    described: columns.describedCount,
    edgeCount,
    slots,
    groups: alternatives.groupConfirmed.length,
    classCount: classes.count,
    timingRows: columns.timings.length / 7,
    accessEdges: access.count,
    classBits: classBitsFor(classes.count, slots),
    relationships: relationshipCount,
  })
  index.groupOfSlot.set(alternatives.groupOfSlot)
  index.groupStart.set(alternatives.groupStart)
  index.groupConfirmed.set(alternatives.groupConfirmed)
  index.classes.set(classes.rows)
  index.timings.set(columns.timings)
  index.entityKind.set(columns.entityKind)
  fillEdges(index, columns, classes.of, alternatives.slot)
  fillAccess(index, access, from, to)
  return index
}

/** Low bits for the class, if slots fit above them. */
export function classBitsFor(classes: number, slots: number): number {
  const bits = 32 - Math.clz32(Math.max(1, classes - 1))
  return slots <= 2 ** (32 - bits) ? bits : WIDE
}

function fillEdges(index: FlatIndex, { from, to }: Columns, classOf: Int32Array, slotOf: Int32Array): void {
  const { inStart, edges, slotOfEdge, classBits, entities } = index
  for (let i = 0; i < to.length; i++) if (classOf[i]! >= 0) inStart[to[i]! + 1]!++
  for (let i = 0; i < entities; i++) inStart[i + 1]! += inStart[i]!
  const next = inStart.slice(0, entities)
  const isWide = classBits === WIDE
  for (let i = 0; i < to.length; i++) {
    if (classOf[i]! < 0) continue
    const at = next[to[i]!]!++
    edges[2 * at] = from[i]!
    edges[2 * at + 1] = isWide ? classOf[i]! : classOf[i]! | (slotOf[i]! << classBits)
    if (isWide) slotOfEdge[at] = slotOf[i]!
  }
}

/** Place of each relationship among the edges of an index that was made of these columns; -1 where it has none. */
export function edgesOf(index: FlatIndex, columns: Columns): Int32Array {
  const classes = classesOf(columns)
  const next = index.inStart.slice(0, index.entities)
  return columns.to.map((head, i) => (classes.of[i]! < 0 ? -1 : next[head]!++))
}

/** How compromise travels each kind: 1 along, 2 against, 0 not at all. */
const ways = Uint8Array.from(
  relationshipKindNames,
  (kind) => ({ along: 1, against: 2, no: 0 })[relationshipKinds[kind].reaches],
)
const containment = relationshipKindNames.indexOf('CONTAINED_IN')
const isIdentity = Uint8Array.from(entityKindNames, (kind) => (entityKinds[kind].role === 'identity' ? 1 : 0))

interface AccessEnds {
  /** 1: from its tail to its head, 2: the other way, 0: not at all; by relationship. */
  readonly way: Uint8Array
  readonly count: number
}

/** Which relationships compromise travels (graph/reach/travel says the same of facts), and which way. */
function accessEnds({ kind, from, to, standing, entityKind }: Columns): AccessEnds {
  const way = new Uint8Array(kind.length)
  let count = 0
  for (let i = 0; i < kind.length; i++) {
    const one = ways[kind[i]!]!
    if (one === 0 || from[i] === to[i] || (standing[i]! & standingBits.noReach) !== 0) continue
    // An account holds what is in it; a user "contains" its inline policy, and acting as the user changes no policy.
    if (kind[i] === containment && isIdentity[entityKind[to[i]!]!] === 1) continue
    way[i] = one
    count++
  }
  return { way, count }
}

function fillAccess(index: FlatIndex, { way }: AccessEnds, from: Int32Array, to: Int32Array): void {
  const { accessStart, accessTo, entities } = index
  for (let i = 0; i < way.length; i++) if (way[i] !== 0) accessStart[(way[i] === 1 ? from[i]! : to[i]!) + 1]!++
  for (let i = 0; i < entities; i++) accessStart[i + 1]! += accessStart[i]!
  const next = accessStart.slice(0, entities)
  for (let i = 0; i < way.length; i++)
    if (way[i] === 1) accessTo[next[from[i]!]!++] = to[i]!
    else if (way[i] === 2) accessTo[next[to[i]!]!++] = from[i]!
}

import { copyOf, int32s, uint8s } from '../arrays.ts'
import { entityKindNames, entityKinds } from '../kinds/entity-kinds.ts'
import { relationshipKindNames, relationshipKinds } from '../kinds/relationship-kinds.ts'
import { channels } from '../outage/channels.ts'
import { alternativesOf } from './alternatives.ts'
import { standingBits, type Columns } from './columns.ts'
import { classesOf, type EdgeClasses } from './edge-classes.ts'
import { CLASS_WIDTH, classColumns, emptyIndex, type FlatIndex } from './flat-index.ts'
import { WIDE } from './sections.ts'

/**
 * The flat index of an estate. `classBits` is for tests: `WIDE` lays it out as if it had more classes than fit.
 * O(entities + relationships), nothing is kept of the columns. The same columns give the same bytes.
 */
export function indexOf(columns: Columns, classBits?: number): FlatIndex {
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
    classBits: classBits ?? classBitsFor(classes.count, slots),
    relationships: relationshipCount,
  })
  index.groupOfSlot.set(alternatives.groupOfSlot)
  index.groupStart.set(alternatives.groupStart)
  index.groupConfirmed.set(alternatives.groupConfirmed)
  index.classes.set(classes.rows)
  index.timings.set(columns.timings)
  index.entityKind.set(columns.entityKind)
  fillEdges(index, columns, classes, alternatives.slot)
  fillAccess(index, access, from, to)
  return index
}

/** Low bits for the class, if slots fit above them; where there is room, so many that changes may bring new ones. */
function classBitsFor(classes: number, slots: number): number {
  const roomy = bitsFor(classes + (classes >> 2) + 64)
  if (slots + (slots >> 2) + 1024 <= 2 ** (32 - roomy)) return roomy
  const bits = bitsFor(classes)
  return slots <= 2 ** (32 - bits) ? bits : WIDE
}

const bitsFor = (numbers: number): number => 32 - Math.clz32(Math.max(1, numbers - 1))

/**
 * In a row hard needs come first, then soft ones, then values: runs of the same sort are walked faster, as the
 * processor guesses right what comes next.
 */
export function sortOf(channel: number, standing: number): number {
  if (channel !== channels.flow && channel !== channels.reads) return 2
  return (standing & standingBits.soft) !== 0 ? 1 : 0
}

function sortsOf({ rows, count }: EdgeClasses): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) =>
    sortOf(rows[i * CLASS_WIDTH + classColumns.channel]!, rows[i * CLASS_WIDTH + classColumns.standing]!),
  )
}

const SORTS = 3

/** Calls with every relationship that has an edge, and that edge. `starts` has the first edge of each entity. */
function eachEdge(starts: Int32Array, to: Int32Array, classes: EdgeClasses, place: (i: number, at: number) => void) {
  const next = copyOf(starts, starts.length - 1)
  const sorts = sortsOf(classes)
  for (let sort = 0; sort < SORTS; sort++)
    for (let i = 0; i < to.length; i++)
      if (classes.of[i]! >= 0 && sorts[classes.of[i]!] === sort) place(i, next[to[i]!]!++)
}

function fillEdges(index: FlatIndex, { from, to }: Columns, classes: EdgeClasses, slotOf: Int32Array): void {
  const { inStart, edges, slotOfEdge, classBits, entities } = index
  for (let i = 0; i < to.length; i++) if (classes.of[i]! >= 0) inStart[to[i]! + 1]!++
  for (let i = 0; i < entities; i++) inStart[i + 1]! += inStart[i]!
  const { of } = classes
  const sorts = sortsOf(classes)
  const next = copyOf(inStart, entities)
  const isWide = classBits === WIDE
  // As `eachEdge`, written out: it is the dearest part of an index.
  for (let sort = 0; sort < SORTS; sort++)
    for (let i = 0; i < to.length; i++) {
      const one = of[i]!
      if (one < 0 || sorts[one] !== sort) continue
      const at = next[to[i]!]!++
      edges[2 * at] = from[i]!
      edges[2 * at + 1] = isWide ? one : one | (slotOf[i]! << classBits)
      if (isWide) slotOfEdge[at] = slotOf[i]!
    }
}

/** Place of each relationship among the edges of an index that was made of these columns; -1 where it has none. */
export function edgesOf(index: FlatIndex, columns: Columns): Int32Array {
  const places = int32s(columns.relationshipCount).fill(-1)
  eachEdge(index.inStart, columns.to, classesOf(columns), (i, at) => (places[i] = at))
  return places
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
  const way = uint8s(kind.length)
  let count = 0
  for (let i = 0; i < kind.length; i++) {
    const one = from[i] === to[i] ? 0 : accessWay(kind[i]!, standing[i]!, entityKind[to[i]!]!)
    if (one === 0) continue
    way[i] = one
    count++
  }
  return { way, count }
}

/** Which way compromise travels a relationship between two things: 1 along, 2 against, 0 not at all. */
export function accessWay(kind: number, standing: number, headKind: number): number {
  if ((standing & standingBits.noReach) !== 0) return 0
  // An account holds what is in it; a user "contains" its inline policy, and acting as the user changes no policy.
  if (kind === containment && isIdentity[headKind] === 1) return 0
  return ways[kind]!
}

function fillAccess(index: FlatIndex, { way }: AccessEnds, from: Int32Array, to: Int32Array): void {
  const { accessStart, accessTo, entities } = index
  for (let i = 0; i < way.length; i++) if (way[i] !== 0) accessStart[(way[i] === 1 ? from[i]! : to[i]!) + 1]!++
  for (let i = 0; i < entities; i++) accessStart[i + 1]! += accessStart[i]!
  const next = copyOf(accessStart, entities)
  for (let i = 0; i < way.length; i++)
    if (way[i] === 1) accessTo[next[from[i]!]!++] = to[i]!
    else if (way[i] === 2) accessTo[next[to[i]!]!++] = from[i]!
}

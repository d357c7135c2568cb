import { entityKindNames } from '../kinds/entity-kinds.ts'
import { relationshipKindNames } from '../kinds/relationship-kinds.ts'
import { isNeed } from '../outage/channels.ts'
import { retellClasses } from '../outage/flat-board.ts'
import { CLASS_WIDTH, type FlatIndex } from './flat-index.ts'
import { accessWay } from './index-of.ts'
import { OverlayFull, emptyLog, restorePointers, type Full, type Overlay, type OverlayRelationship } from './overlay.ts'
import { needKey, remakeNeeds, slotOf, touchNeed, type TouchedNeeds } from './overlay-alternatives.ts'
import { classNumber, timingNumber } from './overlay-classes.ts'
import { classOf, headOf, kindOf, needOf, standingAt, tailOf } from './overlay-relationships.ts'
import { edgeAt, insertAccess, insertEdge, otherEdge, removeAccess, removeEdge } from './overlay-rows.ts'

/**
 * What changes. A relationship that changes is removed and added; an entity goes by its relationships and keeps its
 * number, with nothing at it. A changed kind of an entity is no edit: then the index is made anew.
 */
export interface OverlayEdits {
  /** New entities; `kind` is a place in `entityKindNames`. Their numbers go on after the last. */
  readonly entities?: readonly { readonly id: string; readonly kind: number }[]
  /** Numbers of relationships that are there, each once. */
  readonly removed?: Iterable<number>
  /** Their numbers go on after the last, of those that were added before too. */
  readonly added?: readonly OverlayRelationship[]
}

/**
 * Edits the index for good. Costs the rows of what changes.
 * @returns what there was no more room for: the index is then of no use, and `editedColumns` has what to make it of
 * @throws RangeError for a number that is none, before anything is changed
 */
export function edit(overlay: Overlay, edits: OverlayEdits): Full | null {
  const removed = checked(overlay, edits)
  note(overlay, edits, removed)
  if (overlay.broken !== null) return overlay.broken
  try {
    if (overlay.entityCount > overlay.index.entities) throw new OverlayFull('entities')
    lay(overlay, edits, removed)
    return null
  } catch (error) {
    overlay.broken = error instanceof OverlayFull ? error.full : 'edges'
    if (error instanceof OverlayFull) return error.full
    throw error
  }
}

/**
 * Asks of the index as if this were so, and takes it back whatever comes of it. May be done within itself.
 * @returns what `ask` does, or what there was no room for
 */
export function suppose<T>(
  overlay: Overlay,
  edits: OverlayEdits,
  ask: (index: FlatIndex) => T,
): { readonly answer: T } | { readonly full: Full } {
  if (overlay.broken !== null) return { full: overlay.broken }
  const before = { ...overlay }
  const added = overlay.added.length
  const entities = overlay.newEntities.length
  overlay.log = emptyLog()
  overlay.edgesFrozen = overlay.edgeTail + 1
  overlay.accessFrozen = overlay.accessTail + 1
  try {
    const full = edit(overlay, edits)
    return full ? { full } : { answer: ask(overlay.index) }
  } finally {
    takeBack(overlay, before, added, entities)
  }
}

function takeBack(overlay: Overlay, before: Overlay, added: number, entities: number): void {
  const log = overlay.log!
  restorePointers(overlay, log)
  for (const relationship of log.gone) overlay.gone.delete(relationship)
  for (let i = log.slots.length - 2; i >= 0; i -= 2)
    if (log.slots[i + 1] === -1) overlay.slotNow.delete(log.slots[i]!)
    else overlay.slotNow.set(log.slots[i]!, log.slots[i + 1]!)
  for (const key of log.timings) overlay.timingNumbers.delete(key)
  for (const key of log.classes) overlay.classNumbers.delete(key)
  for (const { from } of overlay.added.splice(added)) {
    const first = overlay.ground.columns.relationshipCount + added
    const kept = (overlay.namedAdded.get(from) ?? []).filter((one) => one < first)
    if (kept.length > 0) overlay.namedAdded.set(from, kept)
    else overlay.namedAdded.delete(from)
  }
  overlay.newEntities.length = entities
  overlay.entityCount = before.entityCount
  overlay.edgeTail = before.edgeTail
  overlay.accessTail = before.accessTail
  overlay.slotCount = before.slotCount
  overlay.groupCount = before.groupCount
  overlay.classCount = before.classCount
  overlay.timingCount = before.timingCount
  overlay.edgesFrozen = before.edgesFrozen
  overlay.accessFrozen = before.accessFrozen
  overlay.log = before.log
  overlay.broken = before.broken
}

function checked(overlay: Overlay, { entities = [], removed = [], added = [] }: OverlayEdits): number[] {
  const known = overlay.ground.columns.relationshipCount + overlay.added.length
  const entityCount = overlay.entityCount + entities.length
  const list = [...removed]
  for (const one of list)
    if (!(one >= 0 && one < known) || overlay.gone.has(one)) throw new RangeError(`there is no relationship ${one}`)
  if (new Set(list).size < list.length) throw new RangeError('a relationship is removed twice')
  for (const { kind } of entities)
    if (entityKindNames[kind] === undefined) throw new RangeError(`there is no kind of entity ${kind}`)
  for (const { from, to, kind, timing } of added) {
    if (!(from >= 0 && from < entityCount)) throw new RangeError(`there is no entity ${from}`)
    if (!(to >= 0 && to < entityCount)) throw new RangeError(`there is no entity ${to}`)
    if (relationshipKindNames[kind] === undefined) throw new RangeError(`there is no kind of relationship ${kind}`)
    if (typeof timing === 'number' && !(timing >= 0 && timing < overlay.timingCount))
      throw new RangeError(`there is no row of timings ${timing}`)
  }
  return list
}

/** What is there and what is not: always fits, so that an index can be made of it when the edits do not. */
function note(overlay: Overlay, { entities = [], added = [] }: OverlayEdits, removed: readonly number[]): void {
  for (const one of entities) {
    overlay.newEntities.push(one)
    overlay.index.entityKind[overlay.entityCount++] = one.kind
  }
  for (const one of removed) {
    overlay.gone.add(one)
    overlay.log?.gone.push(one)
  }
  for (const one of added) overlay.added.push({ ...one, timingRow: -1 })
}

function lay(overlay: Overlay, { added = [] }: OverlayEdits, removed: readonly number[]): void {
  const touched: TouchedNeeds = new Map()
  const classes = overlay.classCount
  for (const relationship of removed) layOut(overlay, relationship, touched)
  const first = overlay.ground.columns.relationshipCount + overlay.added.length - added.length
  for (let i = 0; i < added.length; i++) layIn(overlay, first + i, touched)
  remakeNeeds(overlay, touched)
  if (overlay.classCount > classes) retellClasses(overlay.index)
}

function layOut(overlay: Overlay, relationship: number, touched: TouchedNeeds): void {
  const from = tailOf(overlay, relationship)
  const to = headOf(overlay, relationship)
  const need = needOf(overlay, relationship)
  const standing = standingAt(overlay, relationship)
  const number = classOf(overlay, relationship)
  if (number >= 0) {
    const slot = need < 0 ? 0 : slotOf(overlay, relationship)
    const edge = edgeAt(overlay, to, from, number, slot)
    if (edge < 0) throw new Error(`relationship ${relationship} has no edge: the index is not of these columns`)
    removeEdge(overlay, to, edge)
    if (slot !== 0) touchNeed(touched, from, needKey(need, standing), overlay.index.groupOfSlot[slot]!)
  }
  const way = from === to ? 0 : accessWay(kindOf(overlay, relationship), standing, overlay.index.entityKind[to]!)
  if (way !== 0) removeAccess(overlay, way === 1 ? from : to, way === 1 ? to : from)
}

function layIn(overlay: Overlay, relationship: number, touched: TouchedNeeds): void {
  const one = overlay.added[relationship - overlay.ground.columns.relationshipCount]!
  const { from, to, need, kind, standing } = one
  one.timingRow = timingNumber(overlay, one.timing)
  const number = classNumber(overlay, kind, standing, one.timingRow)
  if (number >= 0) {
    insertEdge(overlay, to, from, number)
    if (need >= 0 && isNeed(overlay.index.classes[number * CLASS_WIDTH]!)) {
      const list = overlay.namedAdded.get(from)
      if (list) list.push(relationship)
      else overlay.namedAdded.set(from, [relationship])
      touchNeed(touched, from, needKey(need, standing), -1)
    }
  }
  const way = from === to ? 0 : accessWay(kind, standing, overlay.index.entityKind[to]!)
  if (way !== 0) insertAccess(overlay, way === 1 ? from : to, way === 1 ? to : from)
}

/** Edges of these relationships now, each another one; those that are gone or carry nothing have none. */
export function edgesNow(overlay: Overlay, relationships: Iterable<number>): Set<number> {
  const edges = new Set<number>()
  for (const relationship of relationships) {
    if (overlay.gone.has(relationship)) continue
    const number = classOf(overlay, relationship)
    if (number < 0) continue
    const [from, to] = [tailOf(overlay, relationship), headOf(overlay, relationship)]
    const slot = needOf(overlay, relationship) < 0 ? 0 : slotOf(overlay, relationship)
    const edge = otherEdge(overlay, edges, to, from, number, slot)
    if (edge >= 0) edges.add(edge)
  }
  return edges
}

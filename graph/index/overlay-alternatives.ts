import { CONFIRMED, cappedStanding, confidenceIn } from './edge-classes.ts'
import { standingBits } from './columns.ts'
import { OverlayFull, point, type Overlay } from './overlay.ts'
import { otherEdge, ownRow, setSlot } from './overlay-rows.ts'
import { classOf, headOf, kindOf, needOf, standingAt } from './overlay-relationships.ts'

/** Needs whose alternatives changed: by dependent and by name and strength; the group that they were, -1 for none. */
export type TouchedNeeds = Map<number, Map<number, number>>

/** Name and strength of a need, as groups are made of them. */
export const needKey = (need: number, standing: number): number => need * 2 + (standing & standingBits.soft)

export function touchNeed(touched: TouchedNeeds, dependent: number, key: number, group: number): void {
  const needs = touched.get(dependent)
  if (!needs) touched.set(dependent, new Map([[key, group]]))
  else if (group >= 0 || !needs.has(key)) needs.set(key, group)
}

export function remakeNeeds(overlay: Overlay, touched: TouchedNeeds): void {
  for (const [dependent, needs] of touched) for (const [key, group] of needs) remake(overlay, dependent, key, group)
}

/** A relationship's slot now, 0 where it is a need of its own. */
export function slotOf(overlay: Overlay, relationship: number): number {
  const known = overlay.slotNow.get(relationship)
  if (known !== undefined) return known
  const { start, named, slots, columns } = overlay.ground
  if (relationship >= columns.relationshipCount) return 0
  const dependent = columns.from[relationship]!
  for (let i = start[dependent]!; i < start[dependent + 1]!; i++) if (named[i] === relationship) return slots[i]!
  return 0
}

function setSlotNow(overlay: Overlay, relationship: number, slot: number): void {
  overlay.log?.slots.push(relationship, overlay.slotNow.get(relationship) ?? -1)
  overlay.slotNow.set(relationship, slot)
}

/** Makes a need anew, in the order in which `alternativesOf` has its members: confirmed ones first. */
function remake(overlay: Overlay, dependent: number, key: number, known: number): void {
  const order = membersOf(overlay, dependent, key)
  let group = known
  let confirmed = 0
  for (const one of order) {
    if (isConfirmed(overlay, one)) confirmed++
    const slot = slotOf(overlay, one)
    if (slot !== 0) group = overlay.index.groupOfSlot[slot]!
  }
  const isGroup = order.length >= 2 && confirmed > 0
  if (!isGroup && group < 0) return
  if (!isGroup) dissolve(overlay, group)
  const first = isGroup ? placeGroup(overlay, group, order.length, confirmed) : 0
  if (isGroup && confirmed < order.length) {
    const possible = order.filter((one) => !isConfirmed(overlay, one))
    order.splice(0, order.length, ...order.filter((one) => isConfirmed(overlay, one)), ...possible)
  }
  const slotAt = (i: number): number => (isGroup ? first + i : 0)
  const changed = order.flatMap((one, i) => (slotOf(overlay, one) === slotAt(i) ? [] : [{ one, slot: slotAt(i) }]))
  // A row that is copied moves: all are owned before any is looked into.
  for (const { one } of changed) ownRow(overlay, headOf(overlay, one), 0)
  const edges = new Set<number>()
  for (const { one } of changed) {
    const was = slotOf(overlay, one)
    const edge = otherEdge(overlay, edges, headOf(overlay, one), dependent, classOf(overlay, one), was)
    if (edge < 0) throw new Error('an alternative has no edge: the index is not of these columns')
    edges.add(edge)
  }
  const at = edges.values()
  for (const { one, slot } of changed) {
    setSlot(overlay, at.next().value!, slot)
    setSlotNow(overlay, one, slot)
  }
}

function isConfirmed(overlay: Overlay, relationship: number): boolean {
  const standing = cappedStanding(kindOf(overlay, relationship), standingAt(overlay, relationship))
  return confidenceIn(standing) === CONFIRMED
}

function membersOf(overlay: Overlay, dependent: number, key: number): number[] {
  const { start, named, columns } = overlay.ground
  const members: number[] = []
  const add = (relationship: number, need: number, standing: number): void => {
    if (needKey(need, standing) === key && !overlay.gone.has(relationship)) members.push(relationship)
  }
  if (dependent < columns.entityCount)
    for (let i = start[dependent]!; i < start[dependent + 1]!; i++)
      add(named[i]!, columns.need[named[i]!]!, columns.standing[named[i]!]!)
  for (const relationship of overlay.namedAdded.get(dependent) ?? []) {
    add(relationship, needOf(overlay, relationship), standingAt(overlay, relationship))
  }
  return members
}

function dissolve(overlay: Overlay, group: number): void {
  point(overlay, 'groupEnd', group, overlay.index.groupStart[group]!)
  point(overlay, 'groupConfirmed', group, 0)
}

/** Where a group of so many begins: where it was if it fits there, else behind all slots. */
function placeGroup(overlay: Overlay, known: number, size: number, confirmed: number): number {
  const { groupStart, groupEnd, groupOfSlot, groups } = overlay.index
  const group = known >= 0 ? known : overlay.groupCount
  if (group === groups) throw new OverlayFull('groups')
  let first = known >= 0 ? groupStart[group]! : 0
  if (known < 0 || groupEnd[group]! - first < size) {
    first = overlay.slotCount
    if (first + size > overlay.limits.slots) throw new OverlayFull('slots')
    for (let slot = first; slot < first + size; slot++) groupOfSlot[slot] = group
    overlay.slotCount += size
    if (known < 0) overlay.groupCount++
    point(overlay, 'groupStart', group, first)
  }
  point(overlay, 'groupEnd', group, first + size)
  point(overlay, 'groupConfirmed', group, confirmed)
  return first
}

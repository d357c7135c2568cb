import { OverlayFull, point, type Overlay } from './overlay.ts'
import { WIDE } from './sections.ts'

/** Rows are short: a call of `copyWithin` costs as much as a copy of some dozens of words. */
const SHORT = 64

/** `items.copyWithin(to, from, end)`. */
function move(items: Int32Array, to: number, from: number, end: number): void {
  if (end - from > SHORT) items.copyWithin(to, from, end)
  else if (to < from) for (let i = from; i < end; i++) items[to + i - from] = items[i]!
  else for (let i = end - 1; i >= from; i--) items[to + i - from] = items[i]!
}

/** Spare places of a row that is copied to take one more. */
const spare = (count: number): number => 2 + (count >> 3)

/**
 * Makes a row one that may be written, with room for `more` edges: it is copied behind all others unless it was before.
 * The place before a copied row says where its room ends.
 */
export function ownRow(overlay: Overlay, entity: number, more: number): void {
  const { inStart, inEnd, edges, slotOfEdge, edgeCount } = overlay.index
  const [start, end] = [inStart[entity]!, inEnd[entity]!]
  if (start >= overlay.edgesFrozen && (more === 0 || end + more <= edges[2 * start - 2]!)) return
  const count = end - start
  const begin = overlay.edgeTail + 1
  const last = begin + count + (more === 0 ? 0 : more + spare(count))
  if (last > edgeCount) throw new OverlayFull('edges')
  edges[2 * begin - 2] = last
  move(edges, 2 * begin, 2 * start, 2 * end)
  if (slotOfEdge.length > 0) move(slotOfEdge, begin, start, end)
  point(overlay, 'inStart', entity, begin)
  point(overlay, 'inEnd', entity, begin + count)
  overlay.edgeTail = last
}

/** An edge to this dependent of this class and slot. Several that are alike in all of this are one like the other. */
export function edgeAt(overlay: Overlay, entity: number, dependent: number, number: number, slot: number): number {
  return nextEdge(overlay, overlay.index.inStart[entity]!, entity, dependent, number, slot)
}

/** The same, none of `taken`; -1 where there is none. */
export function otherEdge(
  overlay: Overlay,
  taken: ReadonlySet<number>,
  entity: number,
  dependent: number,
  number: number,
  slot: number,
): number {
  let edge = edgeAt(overlay, entity, dependent, number, slot)
  while (edge >= 0 && taken.has(edge)) edge = nextEdge(overlay, edge + 1, entity, dependent, number, slot)
  return edge
}

/** The same, from an edge on. */
function nextEdge(
  { index, sameClass }: Overlay,
  from: number,
  entity: number,
  dependent: number,
  number: number,
  slot: number,
): number {
  const { inEnd, edges, slotOfEdge, classBits } = index
  const isWide = classBits === WIDE
  const mask = isWide ? -1 : 2 ** classBits - 1
  const like = sameClass[number]!
  for (let edge = from, last = inEnd[entity]!; edge < last; edge++) {
    if (edges[2 * edge] !== dependent) continue
    const word = edges[2 * edge + 1]!
    if (sameClass[word & mask] === like && (isWide ? slotOfEdge[edge] : word >>> classBits) === slot) return edge
  }
  return -1
}

export function removeEdge(overlay: Overlay, entity: number, edge: number): void {
  const { inStart, inEnd, edges, slotOfEdge } = overlay.index
  const place = edge - inStart[entity]!
  ownRow(overlay, entity, 0)
  const at = inStart[entity]! + place
  const end = inEnd[entity]!
  move(edges, 2 * at, 2 * at + 2, 2 * end)
  if (slotOfEdge.length > 0) move(slotOfEdge, at, at + 1, end)
  point(overlay, 'inEnd', entity, end - 1)
}

/** A need of its own, behind those of its sort: an index just made has hard needs first, then soft ones, then values. */
export function insertEdge(overlay: Overlay, entity: number, dependent: number, number: number): void {
  ownRow(overlay, entity, 1)
  const { inStart, inEnd, edges, slotOfEdge, classBits } = overlay.index
  const mask = classBits === WIDE ? -1 : 2 ** classBits - 1
  const start = inStart[entity]!
  const end = inEnd[entity]!
  let at = end
  while (at > start && overlay.sorts[edges[2 * at - 1]! & mask]! > overlay.sorts[number]!) at--
  move(edges, 2 * at + 2, 2 * at, 2 * end)
  edges[2 * at] = dependent
  edges[2 * at + 1] = number
  if (slotOfEdge.length > 0) {
    move(slotOfEdge, at + 1, at, end)
    slotOfEdge[at] = 0
  }
  point(overlay, 'inEnd', entity, end + 1)
}

/** The row has to be owned. */
export function setSlot({ index }: Overlay, edge: number, slot: number): void {
  const { edges, slotOfEdge, classBits } = index
  if (classBits === WIDE) slotOfEdge[edge] = slot
  else edges[2 * edge + 1] = (edges[2 * edge + 1]! & (2 ** classBits - 1)) | (slot << classBits)
}

/** The same for what a thing reaches. */
function ownAccess(overlay: Overlay, entity: number, more: number): void {
  const { accessStart, accessEnd, accessTo, accessEdges } = overlay.index
  const [start, end] = [accessStart[entity]!, accessEnd[entity]!]
  if (start >= overlay.accessFrozen && (more === 0 || end + more <= accessTo[start - 1]!)) return
  const count = end - start
  const begin = overlay.accessTail + 1
  const last = begin + count + (more === 0 ? 0 : more + spare(count))
  if (last > accessEdges) throw new OverlayFull('access')
  accessTo[begin - 1] = last
  move(accessTo, begin, start, end)
  point(overlay, 'accessStart', entity, begin)
  point(overlay, 'accessEnd', entity, begin + count)
  overlay.accessTail = last
}

export function removeAccess(overlay: Overlay, entity: number, other: number): void {
  ownAccess(overlay, entity, 0)
  const { accessStart, accessEnd, accessTo } = overlay.index
  const end = accessEnd[entity]!
  let at = accessStart[entity]!
  while (at < end && accessTo[at] !== other) at++
  if (at === end) throw new Error(`the index has no access from ${entity} to ${other}: it is not of these columns`)
  move(accessTo, at, at + 1, end)
  point(overlay, 'accessEnd', entity, end - 1)
}

export function insertAccess(overlay: Overlay, entity: number, other: number): void {
  ownAccess(overlay, entity, 1)
  const end = overlay.index.accessEnd[entity]!
  overlay.index.accessTo[end] = other
  point(overlay, 'accessEnd', entity, end + 1)
}

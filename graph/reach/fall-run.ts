import { WIDE } from '../index/sections.ts'
import { isNeed, type channels } from '../outage/channels.ts'
import type { classBits } from '../outage/flat-board.ts'
import { push } from '../outage/growing.ts'
import type { FallBoard } from './fall-board.ts'

const EPOCH_LIMIT = 2 ** 31 - 2
const nothing: ReadonlySet<number> = new Set()

/**
 * Who is out in one case when things are struck and edges are cut, all at once and for good: `queue[0 … count - 1]` of
 * the board until the next run. Breadth first without times; cost follows what falls. One function with numbers of its
 * own (the compiler holds each literal against its table): it runs for every credential of an estate.
 */
export function fallRun(
  board: FallBoard,
  worst: boolean,
  struck: Iterable<number>,
  cut: ReadonlySet<number> = nothing,
): number {
  const SOFT: typeof classBits.soft = 8
  const CONFIRMED: typeof classBits.confirmed = 16
  const COUNTS: typeof classBits.counts = 32
  const DOWN: typeof classBits.down = 64
  const CHANNEL: typeof classBits.channel = 7
  const CARRIES: typeof channels.carries = 5
  const HOLDS: typeof channels.holds = 2
  const READS: typeof channels.reads = 4
  if (board.epoch >= EPOCH_LIMIT) forget(board)
  const epoch = ++board.epoch
  board.differs = false
  const { out, queue, softened, soft, slots, groups, places, refused } = board
  const {
    inStart,
    inEnd,
    edges,
    slotOfEdge,
    groupOfSlot,
    groupStart,
    groupEnd,
    groupConfirmed,
    classBits: low,
  } = board.index
  const { bits: bitsOf } = board.tables[worst ? 0 : 1]
  const isWide = low === WIDE
  const mask = isWide ? -1 : 2 ** low - 1
  const shift = isWide ? 0 : low
  let tail = 0
  let differs = false

  for (const entity of struck)
    if (out[entity] !== epoch) {
      out[entity] = epoch
      queue[tail++] = entity
    }
  for (const edge of cut) if (isNeed(bitsOf[edges[2 * edge + 1]! & mask]! & CHANNEL)) lose(2 * edge)
  for (let head = 0; head < tail; head++) {
    const entity = queue[head]!
    let isHeld = false
    for (let at = 2 * inStart[entity]!, last = 2 * inEnd[entity]!; at < last; at += 2) {
      const word = edges[at + 1]!
      const bits = bitsOf[word & mask]!
      if ((bits & DOWN) === 0 && (bits & CHANNEL) !== CARRIES) {
        if ((bits & CHANNEL) === HOLDS) isHeld = true
        continue
      }
      // Most are hard needs of their own that are confirmed; of the others `lose` knows.
      const dependent = edges[at]!
      if (!isWide && word >>> shift === 0 && (bits & (SOFT | CONFIRMED)) === CONFIRMED) {
        if (out[dependent] === epoch) continue
        out[dependent] = epoch
        queue[tail++] = dependent
      } else if (out[dependent] !== epoch) lose(at)
    }
    if (isHeld) refuseCopies(entity)
  }
  board.differs = differs
  return tail

  /** The edge whose words begin at `at` does not hold: its need may be out with that. */
  function lose(at: number): void {
    const word = edges[at + 1]!
    const bits = bitsOf[word & mask]!
    const dependent = edges[at]!
    const slot = isWide ? slotOfEdge[at >> 1]! : word >>> shift
    if (slot === 0) {
      if ((bits & CONFIRMED) === 0) differs = true
      if ((bits & COUNTS) === 0) return
    } else {
      const group = groupOfSlot[slot]!
      const first = groupStart[group]!
      const size = groupEnd[group]! - first
      if (groupConfirmed[group]! < size) differs = true
      if ((worst && (bits & CONFIRMED) === 0) || slots[slot] === epoch) return
      slots[slot] = epoch
      if (groups[2 * group] !== epoch) {
        groups[2 * group] = epoch
        groups[2 * group + 1] = 0
      }
      if (++groups[2 * group + 1]! < (worst ? groupConfirmed[group]! : size)) return
    }
    if ((bits & SOFT) !== 0) {
      if (soft[dependent] === epoch) return
      soft[dependent] = epoch
      push(softened, dependent)
    } else if (out[dependent] !== epoch) {
      out[dependent] = epoch
      queue[tail++] = dependent
    }
  }

  /** A value is refused wherever it is held, and whoever reads it there loses it. */
  function refuseCopies(credential: number): void {
    const SYNCS: typeof channels.syncs = 3
    places.length = 0
    let next = -1
    for (let place = credential, over: number = HOLDS; ; place = places.items[next]!, over = SYNCS) {
      for (let at = 2 * inStart[place]!, last = 2 * inEnd[place]!; at < last; at += 2) {
        const bits = bitsOf[edges[at + 1]! & mask]!
        if (over === SYNCS && (bits & CHANNEL) === READS) lose(at)
        if ((bits & CHANNEL) !== over) continue
        if ((bits & CONFIRMED) === 0) {
          differs = true
          if (!worst) continue
        }
        const copy = edges[at]!
        if (refused[copy] === epoch) continue
        refused[copy] = epoch
        push(places, copy)
      }
      if (++next === places.length) return
    }
  }
}

function forget(board: FallBoard): void {
  board.epoch = 0
  for (const marks of [board.out, board.refused, board.soft, board.slots, board.groups]) marks.fill(0)
}

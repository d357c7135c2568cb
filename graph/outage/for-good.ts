import { int32s } from '../arrays.ts'
import { WIDE } from '../index/sections.ts'
import { channels, isNeed } from './channels.ts'
import { CLASS_SECONDS, classBits, classSeconds, type ClassTable } from './flat-board.ts'
import type { Strike } from './flat-run.ts'
import { goodFlags, goodWords, type TwinBoard } from './for-good-board.ts'
import { push } from './growing.ts'
import { popMoment, pushMoment, startMoments } from './moments.ts'

/** One run on its way. */
interface GoodRun {
  readonly board: TwinBoard
  readonly table: ClassTable
  readonly worst: boolean
  readonly cut: ReadonlySet<number>
  readonly inv: number
  readonly mask: number
  /** Bits below the slot of an edge's second word; 0 where slots have a section of their own. */
  readonly shift: number
}

const STATE_LIMIT = 2 ** 31 - 4

/**
 * One run of a change without an end: every outage lasts for good, so what is left is when each one starts. A need is
 * out when the last of its alternatives is, an entity when the first of its needs is, and waits are not negative: that
 * is the generalisation of Dijkstra's algorithm by Knuth (1977), exact, with each entity looked at once.
 * The board then holds the starts. Cost follows what is affected. kernels/outage.ts is the same, faster.
 */
export function runForGood(board: TwinBoard, worst: boolean, strike: Strike): void {
  if (board.seen >= STATE_LIMIT || board.walk >= STATE_LIMIT) forget(board)
  board.seen += 2
  board.touchedCount = board.tail = 0
  startMoments(board.moments, board.seen)
  const bits = board.index.classBits
  const run: GoodRun = {
    board,
    table: board.tables[worst ? 0 : 1],
    worst,
    cut: strike.cut,
    inv: strike.inv,
    mask: bits === WIDE ? -1 : 2 ** bits - 1,
    shift: bits === WIDE ? 0 : bits,
  }
  if (strike.inv === Infinity) return
  for (const entity of strike.struck) {
    if (board.lineWords[8 * entity + goodWords.state] === board.seen) continue
    touch(board, entity, goodFlags.struck)
    enqueue(board, entity, strike.inv)
  }
  for (const edge of strike.cut) offerCut(run, edge)
  follow(run)
}

/** States ran out: once in a thousand million questions everything is cleared. */
function forget(board: TwinBoard): void {
  board.seen = board.walk = 0
  board.lineWords.fill(0)
  board.slotWords.fill(0)
  board.groups.fill(0)
  board.walked.fill(0)
  board.moments.stamps.fill(0)
}

function touch(board: TwinBoard, entity: number, flags: number): void {
  const STATE: typeof goodWords.state = 4
  const FLAGS: typeof goodWords.flags = 5
  board.lines[4 * entity] = Infinity
  board.lineWords[8 * entity + STATE] = board.seen
  board.lineWords[8 * entity + FLAGS] = flags
  if (board.touchedCount === board.touched.length) board.touched = larger(board.touched)
  board.touched[board.touchedCount++] = entity
}

function larger(items: Int32Array): Int32Array {
  const grown = int32s(items.length * 2)
  grown.set(items)
  return grown
}

function enqueue(board: TwinBoard, entity: number, moment: number): void {
  if (moment > board.moments.now) {
    pushMoment(board.moments, moment, entity)
    return
  }
  if (board.tail === board.queue.length) board.queue = larger(board.queue)
  board.queue[board.tail++] = entity
}

/**
 * Takes entities in the order in which they are out and hands each one's outage to whoever needs it (engine.md rules 4
 * and 5). One function with numbers of its own, as this is where the time goes: a binding of a module costs several
 * loads for every edge. The compiler holds each literal against the table that it stands for.
 */
function follow(run: GoodRun): void {
  const STATE: typeof goodWords.state = 4
  const FLAGS: typeof goodWords.flags = 5
  const STRUCK: typeof goodFlags.struck = 1
  const LOST: typeof goodFlags.lost = 2
  const SOFT: typeof classBits.soft = 8
  const CONFIRMED: typeof classBits.confirmed = 16
  const COUNTS: typeof classBits.counts = 32
  const DOWN: typeof classBits.down = 64
  const CHANNEL: typeof classBits.channel = 7
  const CARRIES: typeof channels.carries = 5
  const HOLDS: typeof channels.holds = 2
  const { board, inv, mask, shift, worst } = run
  const { moments, lines, lineWords, seen } = board
  const { inStart, inEnd, edges } = board.index
  const { bits: bitsOf, seconds } = run.table
  const done = seen + 1
  for (let entry = popMoment(moments); entry >= 0; entry = popMoment(moments)) {
    const now = moments.now
    board.tail = 0
    for (; entry >= 0; entry = moments.nexts[entry]!) enqueue(board, moments.entities[entry]!, now)
    for (let head = 0; head < board.tail; head++) {
      const entity = board.queue[head]!
      const flags = lineWords[8 * entity + FLAGS]!
      const needs = lines[4 * entity]!
      if (lineWords[8 * entity + STATE] === done) {
        // Struck before, and now out by its needs as well: open sessions may end with that.
        if ((flags & (STRUCK | LOST)) !== STRUCK || needs > now) continue
        lineWords[8 * entity + FLAGS] = flags | LOST
        handLost(run, entity, needs)
        continue
      }
      lineWords[8 * entity + STATE] = done
      const struck = (flags & STRUCK) !== 0
      const start = struck && inv < needs ? inv : needs
      const lostFrom = needs > now ? Infinity : needs
      if (struck) {
        if (lostFrom < Infinity) lineWords[8 * entity + FLAGS] = flags | LOST
        handStruck(run, entity)
      }
      let isHeld = false
      for (let at = 2 * inStart[entity]!, last = 2 * inEnd[entity]!; at < last; at += 2) {
        const word = edges[at + 1]!
        const number = word & mask
        const bits = bitsOf[number]!
        let from = start
        if ((bits & DOWN) !== 0) from += seconds[4 * number]!
        else if ((bits & CHANNEL) === CARRIES) from = lostFrom + seconds[4 * number + 2]!
        else {
          if ((bits & CHANNEL) === HOLDS) isHeld = true
          continue
        }
        if (from === Infinity) continue
        const dependent = edges[at]!
        const state = lineWords[8 * dependent + STATE]!
        if ((bits & SOFT) !== 0 || shift === 0) {
          // What is out is not degraded.
          if (state <= seen || shift === 0) offer(run, at, word, bits, from)
          continue
        }
        // Done, and not struck: nothing makes it start earlier.
        if (state > seen && (lineWords[8 * dependent + FLAGS]! & STRUCK) === 0) continue
        const slot = word >>> shift
        if (slot === 0) {
          if ((bits & COUNTS) === 0) continue
        } else {
          if (worst && (bits & CONFIRMED) === 0) continue
          from = slotOut(run, slot, from)
          if (from === Infinity) continue
        }
        if (state < seen) touch(board, dependent, 0)
        else if (from >= lines[4 * dependent]!) continue
        lines[4 * dependent] = from
        if (from > now) pushMoment(moments, from, dependent)
        else enqueue(board, dependent, from)
      }
      if (!isHeld || lostFrom === Infinity) continue
      walkCopies(run, entity)
      refuse(run, lostFrom, goodFlags.keepsNot, classSeconds.lost)
    }
  }
}

/** What the change itself does to whoever has the value of a struck credential. */
function handStruck(run: GoodRun, entity: number): void {
  const { inStart, inEnd, edges } = run.board.index
  const { bits: bitsOf, seconds } = run.table
  let isHeld = false
  for (let at = 2 * inStart[entity]!, last = 2 * inEnd[entity]!; at < last; at += 2) {
    const word = edges[at + 1]!
    const number = word & run.mask
    const channel = bitsOf[number]! & classBits.channel
    if (channel === channels.holds) isHeld = true
    else if (channel === channels.carries)
      offer(run, at, word, bitsOf[number]!, run.inv + seconds[number * CLASS_SECONDS + classSeconds.session]!)
  }
  if (!isHeld) return
  walkCopies(run, entity)
  refuse(run, run.inv, goodFlags.keeps, classSeconds.session)
}

/** What a struck credential's own needs take from its users. */
function handLost(run: GoodRun, entity: number, from: number): void {
  const { inStart, inEnd, edges } = run.board.index
  const { bits: bitsOf, seconds } = run.table
  for (let at = 2 * inStart[entity]!, last = 2 * inEnd[entity]!; at < last; at += 2) {
    const word = edges[at + 1]!
    const number = word & run.mask
    if ((bitsOf[number]! & classBits.channel) === channels.carries)
      offer(run, at, word, bitsOf[number]!, from + seconds[number * CLASS_SECONDS + classSeconds.lost]!)
  }
  walkCopies(run, entity)
  refuse(run, from, goodFlags.keepsNot, classSeconds.lost)
}

function offerCut(run: GoodRun, edge: number): void {
  const word = run.board.index.edges[2 * edge + 1]!
  const number = word & run.mask
  const bits = run.table.bits[number]!
  if (isNeed(bits & classBits.channel))
    offer(run, 2 * edge, word, bits, run.inv + run.table.seconds[number * CLASS_SECONDS]!)
}

/** An edge that does not hold from a moment on, to the need it belongs to (rule 8). `at`: its place among the words. */
function offer(run: GoodRun, at: number, word: number, bits: number, moment: number): void {
  const STATE: typeof goodWords.state = 4
  const FLAGS: typeof goodWords.flags = 5
  const SOFTENED: typeof goodFlags.soft = 4
  const SOFT: typeof classBits.soft = 8
  const CONFIRMED: typeof classBits.confirmed = 16
  const COUNTS: typeof classBits.counts = 32
  const { board, shift } = run
  if (moment === Infinity) return
  const slot = shift === 0 ? board.index.slotOfEdge[at >> 1]! : word >>> shift
  let from = moment
  if (slot === 0) {
    if ((bits & COUNTS) === 0) return
  } else {
    if (run.worst && (bits & CONFIRMED) === 0) return
    from = slotOut(run, slot, from)
    if (from === Infinity) return
  }
  const dependent = board.index.edges[at]!
  const line = 8 * dependent
  if (board.lineWords[line + STATE]! < board.seen) touch(board, dependent, 0)
  if ((bits & SOFT) !== 0) {
    if ((board.lineWords[line + FLAGS]! & SOFTENED) === 0) {
      board.lineWords[line + FLAGS]! |= SOFTENED
      board.lines[4 * dependent + 1] = from
    } else if (from < board.lines[4 * dependent + 1]!) board.lines[4 * dependent + 1] = from
  } else if (from < board.lines[4 * dependent]!) {
    board.lines[4 * dependent] = from
    enqueue(board, dependent, from)
  }
}

/** Notes that a slot is out; the moment its whole group is, Infinity while it holds. */
function slotOut({ board, worst }: GoodRun, slot: number, from: number): number {
  const { slots, slotWords, groups, seen } = board
  const { groupOfSlot, groupStart, groupEnd, groupConfirmed } = board.index
  const group = groupOfSlot[slot]!
  if (slotWords[4 * slot + 2] !== seen) {
    slotWords[4 * slot + 2] = seen
    slots[2 * slot] = from
    if (groups[2 * group] !== seen) {
      groups[2 * group] = seen
      groups[2 * group + 1] = 0
    }
    groups[2 * group + 1]!++
  } else if (from < slots[2 * slot]!) slots[2 * slot] = from
  else return Infinity
  const first = groupStart[group]!
  const counted = worst ? groupConfirmed[group]! : groupEnd[group]! - first
  if (groups[2 * group + 1]! < counted) return Infinity
  let latest = from
  for (let i = first; i < first + counted; i++) if (slots[2 * i]! > latest) latest = slots[2 * i]!
  return latest
}

/** Places that hold the credential in this run (rule 2), into the board's list of places. */
function walkCopies(run: GoodRun, credential: number): void {
  const HOLDS: typeof channels.holds = 2
  const SYNCS: typeof channels.syncs = 3
  const CHANNEL: typeof classBits.channel = 7
  const CONFIRMED: typeof classBits.confirmed = 16
  const { board, table, mask, worst, cut } = run
  const { inStart, inEnd, edges } = board.index
  const { places, walked } = board
  const walk = ++board.walk
  places.length = 0
  let next = -1
  for (let at = credential, over: number = HOLDS; ; at = places.items[next]!, over = SYNCS) {
    for (let edge = inStart[at]!, last = inEnd[at]!; edge < last; edge++) {
      const bits = table.bits[edges[2 * edge + 1]! & mask]!
      if ((bits & CHANNEL) !== over || (!worst && (bits & CONFIRMED) === 0)) continue
      const place = edges[2 * edge]!
      if (walked[place] === walk || cut.has(edge)) continue
      walked[place] = walk
      push(places, place)
    }
    if (++next === places.length) return
  }
}

/**
 * A value is refused in each of these places, and whoever reads it there loses it (rule 4). Values are refused in the
 * order of time, so of one sort the first in a place is the widest.
 */
function refuse(run: GoodRun, from: number, sort: number, lead: number): void {
  const STATE: typeof goodWords.state = 4
  const FLAGS: typeof goodWords.flags = 5
  const READS: typeof channels.reads = 4
  const CHANNEL: typeof classBits.channel = 7
  const { board, table, mask } = run
  const { inStart, inEnd, edges } = board.index
  for (let i = 0; i < board.places.length; i++) {
    const place = board.places.items[i]!
    const line = 8 * place
    if (board.lineWords[line + STATE]! < board.seen) touch(board, place, 0)
    if ((board.lineWords[line + FLAGS]! & sort) !== 0) continue
    board.lineWords[line + FLAGS]! |= sort
    for (let edge = inStart[place]!, last = inEnd[place]!; edge < last; edge++) {
      const word = edges[2 * edge + 1]!
      const number = word & mask
      const bits = table.bits[number]!
      if ((bits & CHANNEL) === READS) offer(run, 2 * edge, word, bits, from + table.seconds[4 * number + lead]!)
    }
  }
}

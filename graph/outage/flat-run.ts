import { float64s, int32s } from '../arrays.ts'
import { WIDE } from '../index/sections.ts'
import { channels, isNeed } from './channels.ts'
import {
  CLASS_SECONDS,
  LINE,
  WORDS,
  classBits,
  classSeconds,
  flags,
  words,
  type ClassTable,
  type FlatBoard,
} from './flat-board.ts'
import { push } from './growing.ts'
import { popMoment, pushMoment, startMoments } from './moments.ts'

/** What is out of order from when to when: a revoke, a disable or a cut. Rotations have copies, see `settle`. */
export interface Strike {
  /** Entity numbers. */
  readonly struck: Iterable<number>
  /** Edges of the index. */
  readonly cut: ReadonlySet<number>
  /** Moment of enforcement, and of its end (Infinity: for good). */
  readonly inv: number
  readonly until: number
}

/** One run on its way. */
interface FlatRun {
  readonly board: FlatBoard
  readonly table: ClassTable
  readonly worst: boolean
  readonly cut: ReadonlySet<number>
  readonly inv: number
  readonly until: number
  readonly mask: number
  /** Bits below the slot of an edge's second word. Where slots have a section of their own, nothing lies above. */
  readonly shift: number
  readonly isWide: boolean
  /** Of the board's queue. */
  tail: number
  /** An end grows round a cycle: the run has to be made by the engine that looks ahead (engine.md rule 9). */
  grows: boolean
}

/** Ends that grew so often may be growing round a cycle. */
const GROWTHS_LIMIT = 8
const EPOCH_LIMIT = 2 ** 31 - 2

/**
 * One run of a change: the board then holds what is out, under its epoch (read it with `spansOf` before the next run).
 * Label-setting: outages are followed in the order in which they start (Knuth's generalisation of Dijkstra: a need is
 * out when the last of its alternatives is, and waits are not negative), so an entity is looked at once unless its end
 * grows later. Cost follows what is affected.
 * @returns false where ends grow round a cycle, and the board holds nothing of use.
 */
export function runFlat(board: FlatBoard, worst: boolean, strike: Strike): boolean {
  if (board.epoch >= EPOCH_LIMIT || board.walk >= EPOCH_LIMIT) forget(board)
  board.epoch++
  board.touchedCount = board.refusedCount = 0
  startMoments(board.moments, board.epoch)
  const { classBits: bits } = board.index
  const run: FlatRun = {
    board,
    table: board.tables[worst ? 0 : 1],
    worst,
    cut: strike.cut,
    inv: strike.inv,
    until: strike.until,
    mask: bits === WIDE ? -1 : 2 ** bits - 1,
    shift: bits === WIDE ? 0 : bits,
    isWide: bits === WIDE,
    tail: 0,
    grows: false,
  }
  if (!(strike.until > strike.inv)) return true
  for (const entity of strike.struck) {
    touch(board, entity)
    board.lineWords[entity * WORDS + words.flags]! |= flags.struck
    enqueue(run, entity, strike.inv)
  }
  for (const edge of strike.cut) offerCut(run, edge)
  follow(run)
  return !run.grows
}

/** Epochs ran out: once in two thousand million questions everything is cleared. */
function forget(board: FlatBoard): void {
  board.epoch = board.walk = 0
  board.lineWords.fill(0)
  board.slotWords.fill(0)
  board.groups.fill(0)
  board.walked.fill(0)
  board.moments.stamps.fill(0)
}

function touch(board: FlatBoard, entity: number): void {
  const at = entity * WORDS
  if (board.lineWords[at + words.stamp] === board.epoch) return
  board.lineWords[at + words.stamp] = board.epoch
  board.lineWords[at + words.flags] = board.lineWords[at + words.refused] = board.lineWords[at + words.growths] = 0
  board.lines[entity * LINE] = Infinity
  board.lines[entity * LINE + 1] = -Infinity
  if (board.touchedCount === board.touched.length) {
    const larger = int32s(board.touched.length * 2)
    larger.set(board.touched)
    board.touched = larger
  }
  board.touched[board.touchedCount++] = entity
}

function enqueue(run: FlatRun, entity: number, moment: number): void {
  const { board } = run
  board.lineWords[entity * WORDS + words.flags]! |= flags.queued
  if (moment > board.moments.now) {
    pushMoment(board.moments, moment, entity)
    return
  }
  pushNow(run, entity)
}

function pushNow(run: FlatRun, entity: number): void {
  const { board } = run
  if (run.tail === board.queue.length) {
    const larger = int32s(board.queue.length * 2)
    larger.set(board.queue)
    board.queue = larger
  }
  board.queue[run.tail++] = entity
}

function follow(run: FlatRun): void {
  const { board } = run
  const { moments, lineWords } = board
  for (;;) {
    let entry = popMoment(moments)
    if (entry < 0) return
    run.tail = 0
    for (; entry >= 0; entry = moments.nexts[entry]!) pushNow(run, moments.entities[entry]!)
    for (let head = 0; head < run.tail; head++) {
      const entity = board.queue[head]!
      const at = entity * WORDS + words.flags
      if ((lineWords[at]! & flags.queued) === 0) continue
      lineWords[at]! &= ~flags.queued
      spread(run, entity)
      if (run.grows) return
    }
  }
}

function momentOf(run: FlatRun, entity: number, lines: Float64Array, lineWords: Int32Array): number {
  const struck = (lineWords[entity * WORDS + words.flags]! & flags.struck) !== 0
  return struck ? Math.min(run.inv, lines[entity * LINE]!) : lines[entity * LINE]!
}

/**
 * Hands an entity's outage to whoever needs it (engine.md rules 4 and 5). Most edges are hard needs of their own whose
 * dependent is new or out at least as long: those are done here, the others by `offer`.
 */
function spread(run: FlatRun, entity: number): void {
  const { board, mask, shift, isWide, inv, until } = run
  const { lines, lineWords, epoch } = board
  const { inStart, inEnd, edges } = board.index
  const { bits: bitsOf, seconds } = run.table
  const needStart = lines[entity * LINE]!
  const needEnd = lines[entity * LINE + 1]!
  const struck = (lineWords[entity * WORDS + words.flags]! & flags.struck) !== 0
  const start = struck && inv < needStart ? inv : needStart
  const end = struck && until > needEnd ? until : needEnd
  let isHeld = false
  for (let at = 2 * inStart[entity]!, last = 2 * inEnd[entity]!; at < last; at += 2) {
    const word = edges[at + 1]!
    const number = word & mask
    const bits = bitsOf[number]!
    if ((bits & classBits.down) !== 0) {
      const from = start + seconds[number * CLASS_SECONDS]!
      if (!(end > from)) continue
      const to = end + seconds[number * CLASS_SECONDS + 3]!
      if (!isWide && word >>> shift === 0 && (bits & SIMPLE) === classBits.counts) {
        const dependent = edges[at]!
        const line = dependent * LINE
        if (lineWords[2 * line + words.stamp] === epoch && from >= lines[line]! && to <= lines[line + 1]!) continue
        putOut(run, dependent, bits, from, to)
      } else offer(run, at, word, bits, from, to)
    } else if ((bits & classBits.channel) === channels.carries) {
      const row = number * CLASS_SECONDS
      const to = seconds[row + classSeconds.end]!
      if (struck) offerSpan(run, at, word, bits, inv + seconds[row + classSeconds.session]!, until, to)
      if (needEnd > needStart)
        offerSpan(run, at, word, bits, needStart + seconds[row + classSeconds.lost]!, needEnd, to)
    } else if ((bits & classBits.channel) === channels.holds) isHeld = true
  }
  if (!isHeld) return
  walkCopies(run, entity)
  if (struck) refuse(run, inv, until, true)
  if (needEnd > needStart) refuse(run, needStart, needEnd, false)
}

/** Of `classBits`: set where an edge counts alone, and breaks. */
const SIMPLE = classBits.counts | classBits.soft

function offerCut(run: FlatRun, edge: number): void {
  const word = run.board.index.edges[2 * edge + 1]!
  const number = word & run.mask
  const bits = run.table.bits[number]!
  if (!isNeed(bits & classBits.channel)) return
  const { seconds } = run.table
  const row = number * CLASS_SECONDS
  offerSpan(run, 2 * edge, word, bits, run.inv + seconds[row]!, run.until, seconds[row + classSeconds.end]!)
}

/** Rule 7: a span that would end before or when it starts is none. */
function offerSpan(run: FlatRun, at: number, word: number, bits: number, from: number, to: number, late: number): void {
  if (to > from) offer(run, at, word, bits, from, to + late)
}

/** A span in which an edge does not hold goes to the need it belongs to (rule 8). `at`: its place among the words. */
function offer(run: FlatRun, at: number, word: number, bits: number, start: number, end: number): void {
  const { edges, slotOfEdge } = run.board.index
  const slot = run.isWide ? slotOfEdge[at >> 1]! : word >>> run.shift
  if (slot === 0) {
    if ((bits & classBits.counts) !== 0) putOut(run, edges[at]!, bits, start, end)
  } else if (!run.worst || (bits & classBits.confirmed) !== 0) offerSlot(run, edges[at]!, bits, slot, start, end)
}

function offerSlot(run: FlatRun, dependent: number, bits: number, slot: number, start: number, end: number): void {
  const { slots, slotWords, groups, epoch } = run.board
  const { groupOfSlot, groupStart, groupEnd, groupConfirmed } = run.board.index
  const group = groupOfSlot[slot]!
  const at = 3 * slot
  if (slotWords[2 * at + 4] !== epoch) {
    slotWords[2 * at + 4] = epoch
    slots[at] = start
    slots[at + 1] = end
    if (groups[2 * group] !== epoch) {
      groups[2 * group] = epoch
      groups[2 * group + 1] = 0
    }
    groups[2 * group + 1]!++
  } else {
    if (slots[at]! <= start && slots[at + 1]! >= end) return
    if (start < slots[at]!) slots[at] = start
    if (end > slots[at + 1]!) slots[at + 1] = end
  }
  const first = groupStart[group]!
  const counted = run.worst ? groupConfirmed[group]! : groupEnd[group]! - first
  if (groups[2 * group + 1]! < counted) return
  let latest = -Infinity
  let earliest = Infinity
  for (let i = first; i < first + counted; i++) {
    if (slots[3 * i]! > latest) latest = slots[3 * i]!
    if (slots[3 * i + 1]! < earliest) earliest = slots[3 * i + 1]!
  }
  if (earliest > latest) putOut(run, dependent, bits, latest, earliest)
}

/** A need is out: so is its dependent, or it is degraded where the need is soft. */
function putOut(run: FlatRun, dependent: number, bits: number, start: number, end: number): void {
  const { board } = run
  touch(board, dependent)
  if ((bits & classBits.soft) !== 0) {
    soften(board, dependent, start, end)
    return
  }
  const { lines, lineWords } = board
  const at = dependent * LINE
  if (start >= lines[at]! && end <= lines[at + 1]!) return
  if (end > lines[at + 1]!) {
    if (end < Infinity && ++lineWords[dependent * WORDS + words.growths]! > GROWTHS_LIMIT) run.grows = true
    lines[at + 1] = end
  }
  if (start < lines[at]!) lines[at] = start
  enqueue(run, dependent, momentOf(run, dependent, lines, lineWords))
}

function soften({ softened, lineWords }: FlatBoard, entity: number, start: number, end: number): void {
  const at = entity * WORDS + words.flags
  if ((lineWords[at]! & flags.soft) === 0) {
    lineWords[at]! |= flags.soft
    softened[2 * entity] = start
    softened[2 * entity + 1] = end
    return
  }
  if (start < softened[2 * entity]!) softened[2 * entity] = start
  if (end > softened[2 * entity + 1]!) softened[2 * entity + 1] = end
}

/** Places that hold the credential in this run (rule 2), into the board's list of places. */
function walkCopies(run: FlatRun, credential: number): void {
  const { board, table, mask, worst, cut } = run
  const { inStart, inEnd, edges } = board.index
  const { places, walked } = board
  const walk = ++board.walk
  places.length = 0
  let next = -1
  for (let at = credential, over: number = channels.holds; ; at = places.items[next]!, over = channels.syncs) {
    for (let edge = inStart[at]!, last = inEnd[at]!; edge < last; edge++) {
      const bits = table.bits[edges[2 * edge + 1]! & mask]!
      if ((bits & classBits.channel) !== over || (!worst && (bits & classBits.confirmed) === 0)) continue
      const place = edges[2 * edge]!
      if (walked[place] === walk || cut.has(edge)) continue
      walked[place] = walk
      push(places, place)
    }
    if (++next === places.length) return
  }
}

/** A value is refused in each of these places, and whoever reads it there loses it (rule 4). */
function refuse(run: FlatRun, start: number, end: number, keeps: boolean): void {
  const { board, table, mask } = run
  const { inStart, inEnd, edges } = board.index
  const lead = keeps ? classSeconds.session : classSeconds.lost
  for (let i = 0; i < board.places.length; i++) {
    const place = board.places.items[i]!
    if (!isNews(board, place, start, end, keeps)) continue
    for (let edge = inStart[place]!, last = inEnd[place]!; edge < last; edge++) {
      const word = edges[2 * edge + 1]!
      const number = word & mask
      const bits = table.bits[number]!
      if ((bits & classBits.channel) !== channels.reads) continue
      const row = number * CLASS_SECONDS
      const late = table.seconds[row + classSeconds.end]!
      offerSpan(run, 2 * edge, word, bits, start + table.seconds[row + lead]!, end, late)
    }
  }
}

/** A wider refusal of the same sort puts everybody out for at least as long: then this one is no news. */
function isNews(board: FlatBoard, place: number, start: number, end: number, keeps: boolean): boolean {
  touch(board, place)
  const at = place * WORDS + words.refused
  if (board.lineWords[at] === 0) {
    if (4 * board.refusedCount === board.refused.length) {
      const larger = float64s(board.refused.length * 2)
      larger.set(board.refused)
      board.refused = larger
    }
    board.refused.set([Infinity, -Infinity, Infinity, -Infinity], 4 * board.refusedCount)
    board.lineWords[at] = ++board.refusedCount
  }
  const { refused } = board
  const known = 4 * (board.lineWords[at]! - 1) + (keeps ? 0 : 2)
  if (refused[known]! <= start && refused[known + 1]! >= end) return false
  if (start <= refused[known]! && end >= refused[known + 1]!) {
    refused[known] = start
    refused[known + 1] = end
  }
  return true
}

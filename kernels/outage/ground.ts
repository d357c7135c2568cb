/** Where everything lies that a question reads and writes, and what the bits and rows of it mean. */

/** Channels, by graph/outage/channels.ts. */
export const CHANNEL: u32 = 7
export const HOLDS: u32 = 2
export const SYNCS: u32 = 3
export const READS: u32 = 4
export const CARRIES: u32 = 5
/** What a class is, by graph/outage/flat-board.ts. */
export const SOFT: u32 = 8
export const CONFIRMED: u32 = 16
export const DOWN: u32 = 64
/** Down, and whether it has alternatives is said by its second word. */
export const PLAIN: u32 = 128
/** A line of a class, numbers of seconds of either run: down as a need of its own, down, value refused, lost. */
export const CLASS: u32 = 6
export const LINE_DOWN: usize = 16
export const LINE_SESSION: usize = 32
export const LINE_LOST: usize = 48

/**
 * A row of what is met, of either run side by side: since when its needs fail; since when it degrades; since when its
 * value is refused because of what the credential needs. Then the entity, the walk that saw it and in which runs, flags,
 * and whether it waits in the queue.
 */
export const ROW: u32 = 6
/** Bits of a class shifted by so much are where its needs go. */
export const SOFTENED: u32 = 1
export const SOFT_AT: usize = 16
export const LOST_AT: usize = 32
export const ENTITY: usize = 48
export const WALK: usize = 52
export const FLAGS: usize = 56
export const QUEUED: usize = 60
export const STRUCK: u32 = 4

/** Something is full; whoever asks makes it larger and asks again. */
export const FULL_QUEUE = -1
export const FULL_OUTPUT = -2
/** The same things came again and again: whoever asks takes the way that keeps to the order of time. */
export const TANGLED = -3

export let inStart: usize = 0
export let inEnd: usize = 0
export let edges: usize = 0
let slotOfEdge: usize = 0
export let groupOfSlot: usize = 0
export let groupStart: usize = 0
export let groupEnd: usize = 0
export let groupConfirmed: usize = 0
export let mask: u32 = 0
let shift: u32 = 0
let isWide: bool = false
export let classes: usize = 0
export let bitsOfClass: usize = 0

export let entities: u32 = 0
/** By entity: `base` and its row; counts while it is below `base + count`. */
export let rowOf: usize = 0
/** Zeros from `count` on. */
export let rows: usize = 0
export let slots: usize = 0
export let groups: usize = 0
export let groupCount: u32 = 0
export let places: usize = 0
/** A bit by entity, and behind them one for each eight bytes of those: zeros between two questions. */
export let marks: usize = 0

export let queue: usize = 0
export let queueEnd: usize = 0
/** Answers leave from here: room for so many rows; and where these are listed in order. */
export let output: usize = 0
export let outputRows: u32 = 0
export let list: usize = 0

/** The index, as graph/index/flat-index.ts says. */
export function look(
  starts: usize, ends: usize, all: usize, slotsOf: usize,
  group: usize, firsts: usize, lasts: usize, confirmed: usize,
  classBits: u32, lines: usize, bits: usize,
): void {
  inStart = starts
  inEnd = ends
  edges = all
  slotOfEdge = slotsOf
  groupOfSlot = group
  groupStart = firsts
  groupEnd = lasts
  groupConfirmed = confirmed
  isWide = classBits == 32
  mask = isWide ? 0xffffffff : (1 << classBits) - 1
  shift = classBits
  classes = lines
  bitsOfClass = bits
}

/** Where it writes. */
export function write(
  entityCount: u32, row: usize, all: usize, place: usize, marksAt: usize,
  slotsAt: usize, groupsAt: usize, groupTotal: u32,
): void {
  entities = entityCount
  rowOf = row
  rows = all
  places = place
  marks = marksAt
  slots = slotsAt
  groups = groupsAt
  groupCount = groupTotal
}

/** What may have to be larger. Behind the queue there is a line more, as it is looked at ahead of its end. */
export function widen(queueAt: usize, queueTo: usize, outputAt: usize, outputCount: u32, listAt: usize): void {
  queue = queueAt
  queueEnd = queueTo
  for (let at = queueAt; at < queueTo + 64; at += 4) store<u32>(at, <u32>rows)
  output = outputAt
  outputRows = outputCount
  list = listAt
}

// @ts-ignore: decorator
@inline
export function firstOf(entity: u32): usize {
  return edges + (<usize>load<u32>(inStart + (<usize>entity << 2)) << 3)
}

// @ts-ignore: decorator
@inline
export function endOf(entity: u32): usize {
  return edges + (<usize>load<u32>(inEnd + (<usize>entity << 2)) << 3)
}

// @ts-ignore: decorator
@inline
export function bitsAt(word: u32): u32 {
  return load<u32>(bitsOfClass + (<usize>(word & mask) << 2))
}

// @ts-ignore: decorator
@inline
export function lineAt(word: u32): usize {
  return classes + (<usize>(word & mask) << CLASS)
}

// @ts-ignore: decorator
@inline
export function slotAt(at: usize, word: u32): u32 {
  return isWide ? load<u32>(slotOfEdge + ((at - edges) >> 1)) : word >> shift
}

/**
 * Numbers of seconds in a row. Zeros stand for never (Infinity), so that rows are made ready by filling them with zeros,
 * and whoever meets an entity for the first time has no branch to take for it.
 */
export const NEVER: i64 = 0x7ff0000000000000

// @ts-ignore: decorator
@inline
export function secondsAt(at: usize): v128 {
  return v128.xor(v128.load(at), i64x2.splat(NEVER))
}

// @ts-ignore: decorator
@inline
export function putSeconds(at: usize, seconds: v128): void {
  v128.store(at, v128.xor(seconds, i64x2.splat(NEVER)))
}

/** Is any of `left` earlier than its neighbour in `right`? */
// @ts-ignore: decorator
@inline
export function isAnyEarlier(left: v128, right: v128): bool {
  return v128.any_true(f64x2.lt(left, right))
}

/**
 * AssemblyScript. Texts by number, each once: bytes in blocks, found by hash (open addressing). The twin of
 * graph/scan/text-table.ts, but that it reads and hashes sixteen bytes at a time. Memory goes on for 16 bytes behind
 * whatever is looked at.
 */
import { isSame } from './text'

/** A slot: hash, number + 1 (0: free), address, length. */
const SLOT = 16
const BLOCK: usize = 1 << 20
const MARGIN: usize = 16

/** A table: slots, mask, count, place in its newest block and that block's end, blocks; then begin and end of each block. */
const SLOTS_AT = 0
const MASK = 4
const COUNT = 8
const NEXT = 12
const LIMIT = 16
const BLOCKS = 20
const BLOCK_LIST = 24
const MOST_BLOCKS = 4096
export const TABLE = 24 + MOST_BLOCKS * 8

/** As many bytes of ones as a text has in its last sixteen: read from 16 minus that many on. */
const masks = memory.data(48, 16)

let top: usize = 0
/** Up to where memory is not fresh. */
let used: usize = 0
/** Blocks that larger tables have left behind. */
const spare = memory.data(MOST_BLOCKS * 4, 16)
let spares = 0
let seed: u64 = 0

/** What `plainText` found: hash of the text before its closing quote, whether a colon is in it. */
export let lastHash: u32 = 0
export let hasColon: bool = false

/** Whatever was in any table is gone. */
export function beginTables(random: u32): void {
  seed = (<u64>random << 32) | random
  used = max(used, top)
  top = (__heap_base + 15) & ~15
  spares = 0
  memory.fill(masks, 0xff, 16)
}

/** Fresh memory, all zero; 0 where there is no more. */
function allocate(bytes: usize): usize {
  const at = top
  const pages = <i32>((at + bytes + 0xffff) >> 16)
  const more = pages - memory.size()
  if (more > 0 && memory.grow(more) < 0) return 0
  if (at < used) memory.fill(at, 0, min(bytes, used - at))
  top = at + bytes
  return at
}

/** `slots`: a power of two. */
export function beginTable(table: usize, slots: u32): bool {
  memory.fill(table, 0, BLOCK_LIST)
  const at = allocate(slots * SLOT)
  store<u32>(table + SLOTS_AT, <u32>at)
  store<u32>(table + MASK, slots - 1)
  return at != 0 && newBlock(table)
}

export function countOf(table: usize): i32 {
  return load<i32>(table + COUNT)
}

function newBlock(table: usize): bool {
  const number = load<u32>(table + BLOCKS)
  if (number == MOST_BLOCKS) return false
  const at = spares > 0 ? <usize>load<u32>(spare + --spares * 4) : allocate(BLOCK)
  if (at == 0) return false
  store<u32>(table + BLOCKS, number + 1)
  store<u32>(table + BLOCK_LIST + number * 8, <u32>at)
  store<u32>(table + BLOCK_LIST + number * 8 + 4, <u32>at)
  store<u32>(table + NEXT, <u32>at)
  store<u32>(table + LIMIT, <u32>(at + BLOCK - MARGIN))
  return true
}

/** Twice the slots, so that at most half of them are taken. */
function grow(table: usize): bool {
  const old = <usize>load<u32>(table + SLOTS_AT)
  const size = (load<u32>(table + MASK) + 1) * SLOT
  const at = allocate(size * 2)
  if (at == 0) return false
  const mask = (size * 2) / SLOT - 1
  for (let slot = old; slot < old + size; slot += SLOT) {
    const texts = v128.load(slot)
    if (i32x4.extract_lane(texts, 1) == 0) continue
    let place = <u32>i32x4.extract_lane(texts, 0) & mask
    while (load<u32>(at + place * SLOT + 4) != 0) place = (place + 1) & mask
    v128.store(at + place * SLOT, texts)
  }
  for (let block = old; block + BLOCK <= old + size && spares < MOST_BLOCKS; block += BLOCK)
    store<u32>(spare + spares++ * 4, <u32>block)
  store<u32>(table + SLOTS_AT, <u32>at)
  store<u32>(table + MASK, mask)
  return true
}

// @ts-ignore: decorator
@inline
function mixed(hash: u64, bytes: v128): u64 {
  const low = (hash ^ <u64>i64x2.extract_lane(bytes, 0)) * 0x9e3779b97f4a7c15
  const high = (<u64>i64x2.extract_lane(bytes, 1) ^ seed) * 0xc2b2ae3d27d4eb4f
  return (low ^ (low >> 32)) + (high ^ (high >> 29))
}

// @ts-ignore: decorator
@inline
function ended(hash: u64, bytes: v128, length: i32): u32 {
  const last = mixed(hash, v128.and(bytes, v128.load(masks + 16 - (length & 15)))) ^ length
  const spread = (last ^ (last >> 29)) * 0xbf58476d1ce4e5b9
  return <u32>(spread >> 32)
}

/**
 * Reads the text of a JSON string from behind its opening quote: the place of its closing quote, or 0 where it is not
 * plain: a backslash, a control character (so it ends with its line), or a byte that is not ASCII.
 */
// @ts-ignore: decorator
@inline
export function plainText(from: usize): usize {
  let hash = seed
  let colons = 0
  let at = from
  while (true) {
    const bytes = v128.load(at)
    // Signed: beyond ASCII is below the blank, too.
    const stops = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(0x22)), i8x16.eq(bytes, i8x16.splat(0x5c))),
      i8x16.lt_s(bytes, i8x16.splat(0x20)),
    )
    const stop = i8x16.bitmask(stops)
    const colon = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x3a)))
    if (stop == 0) {
      colons |= colon
      hash = mixed(hash, bytes)
      at += 16
      continue
    }
    const rest = ctz(stop)
    hasColon = (colons | (colon & ((1 << rest) - 1))) != 0
    lastHash = ended(hash, bytes, rest)
    at += rest
    return load<u8>(at) == 0x22 ? at : 0
  }
}

/** The same hash of any bytes. */
export function hashOf(from: usize, length: i32): u32 {
  let hash = seed
  let at = from
  for (const end = from + (length & ~15); at < end; at += 16) hash = mixed(hash, v128.load(at))
  return ended(hash, v128.load(at), length & 15)
}

/** Number of the text, or -1. */
// @ts-ignore: decorator
@inline
export function find(table: usize, from: usize, length: i32, hash: u32): i32 {
  const slots = <usize>load<u32>(table + SLOTS_AT)
  const mask = load<u32>(table + MASK)
  let place = hash & mask
  while (true) {
    const slot = slots + place * SLOT
    const number = load<i32>(slot, 4)
    if (number == 0) return -1
    if (
      load<u32>(slot) == hash &&
      load<i32>(slot, 12) == length &&
      isSame(<usize>load<u32>(slot, 8), from, length)
    )
      return number - 1
    place = (place + 1) & mask
  }
}

let touched: u32 = 0

/**
 * Looks at the slots of many texts (staged: address, length, hash, anything), and at what they lead to: none of these
 * looks waits for another, so that memory is asked for all of them at once.
 */
export function touch(table: usize, from: usize, to: usize): void {
  const slots = <usize>load<u32>(table + SLOTS_AT)
  const mask = load<u32>(table + MASK)
  let all: u32 = 0
  for (let at = from; at < to; at += 16) all += load<u32>(slots + (load<u32>(at, 8) & mask) * SLOT, 4)
  for (let at = from; at < to; at += 16)
    all += load<u8>(<usize>load<u32>(slots + (load<u32>(at, 8) & mask) * SLOT, 8))
  touched = all
}

/** Number of the text; a new one where it is not there; -1 where there is no more memory. */
// @ts-ignore: decorator
@inline
export function intern(table: usize, from: usize, length: i32, hash: u32): i32 {
  const found = find(table, from, length, hash)
  return found >= 0 ? found : add(table, from, length, hash)
}

function add(table: usize, from: usize, length: i32, hash: u32): i32 {
  const number = load<i32>(table + COUNT)
  if (<u32>(number + 1) * 2 > load<u32>(table + MASK) + 1 && !grow(table)) return -1
  if (load<u32>(table + NEXT) + length > load<u32>(table + LIMIT) && !newBlock(table)) return -1
  const at = <usize>load<u32>(table + NEXT)
  memory.copy(at, from, length)
  store<u32>(table + NEXT, <u32>at + length)
  store<u32>(table + BLOCK_LIST + load<u32>(table + BLOCKS) * 8 - 4, <u32>at + length)
  const mask = load<u32>(table + MASK)
  const slots = <usize>load<u32>(table + SLOTS_AT)
  let place = hash & mask
  while (load<u32>(slots + place * SLOT + 4) != 0) place = (place + 1) & mask
  const slot = slots + place * SLOT
  store<u32>(slot, hash)
  store<i32>(slot, number + 1, 4)
  store<u32>(slot, <u32>at, 8)
  store<i32>(slot, length, 12)
  store<i32>(table + COUNT, number + 1)
  return number
}

/** Begin and end of a block, one after the other, from here; as many as `blocksOf`. */
export function blockListOf(table: usize): usize {
  return table + BLOCK_LIST
}

export function blocksOf(table: usize): i32 {
  return load<i32>(table + BLOCKS)
}

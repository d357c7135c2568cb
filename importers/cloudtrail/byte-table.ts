import { randomInt } from 'node:crypto'

/** Texts as bytes, each kept once and known by a number from 1: a text met again costs neither a string nor memory. */
export interface ByteTable {
  /**
   * Number of the text in `bytes[start, end)`.
   * @param guess a number that it may have: looked at first
   */
  idOf(bytes: Uint8Array, start: number, end: number, guess?: number): number
  textOf(id: number): string
  /** Texts held. */
  count(): number
  /** Bytes held, in all. */
  bytes(): number
  clear(): void
}

// Other numbers in each process: files can't be made to collide.
const seed = randomInt(2 ** 31)
const factor = randomInt(2 ** 30) * 2 + 1

export function byteTable(): ByteTable {
  let arena = new Uint8Array(1 << 16)
  let arenaView: DataView = new DataView(arena.buffer)
  let starts = new Uint32Array(1 << 10)
  let hashes = new Int32Array(1 << 10)
  let slots = new Int32Array(1 << 11)
  let strings: (string | undefined)[] = []
  let used = 0
  /** The bytes that were asked about last, four at a time. */
  let viewed: Uint8Array = arena
  let view: DataView = arenaView

  const look = (bytes: Uint8Array): void => {
    viewed = bytes
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
    let hash = seed ^ (end - start)
    if (end - start < 4) for (let at = start; at < end; at++) hash = mixed(hash ^ bytes[at]!)
    else {
      const of = view
      const last = end - 4
      for (let at = start; at < last; at += 4) hash = mixed(hash ^ of.getInt32(at, true))
      hash = mixed(hash ^ of.getInt32(last, true))
    }
    return hash ^ (hash >>> 15)
  }

  const isSame = (id: number, bytes: Uint8Array, start: number, end: number): boolean => {
    const held = starts[id - 1]!
    const length = end - start
    if (starts[id]! - held !== length) return false
    if (length < 4) {
      for (let at = 0; at < length; at++) if (arena[held + at] !== bytes[start + at]) return false
      return true
    }
    const one = view
    const other = arenaView
    // The last bytes first: texts of one kind begin alike.
    const last = length - 4
    if (one.getInt32(start + last, true) !== other.getInt32(held + last, true)) return false
    for (let at = 0; at < last; at += 4)
      if (one.getInt32(start + at, true) !== other.getInt32(held + at, true)) return false
    return true
  }

  const widen = (): void => {
    const wider = new Int32Array(slots.length * 2)
    const mask = wider.length - 1
    for (let id = 1; id <= used; id++) {
      let slot = hashes[id]! & mask
      while (wider[slot] !== 0) slot = (slot + 1) & mask
      wider[slot] = id
    }
    slots = wider
  }

  const add = (bytes: Uint8Array, start: number, end: number, hash: number): number => {
    const from = starts[used]!
    const to = from + end - start
    if (to > arena.length) {
      arena = grown(arena, new Uint8Array(Math.max(arena.length * 2, to)))
      arenaView = new DataView(arena.buffer)
    }
    arena.set(bytes.subarray(start, end), from)
    used++
    if (used + 1 >= starts.length) {
      starts = grown(starts, new Uint32Array(starts.length * 2))
      hashes = grown(hashes, new Int32Array(hashes.length * 2))
    }
    starts[used] = to
    hashes[used] = hash
    return used
  }

  return {
    idOf(bytes, start, end, guess = 0) {
      if (bytes !== viewed) look(bytes)
      if (guess !== 0 && isSame(guess, bytes, start, end)) return guess
      const hash = hashOf(bytes, start, end)
      const mask = slots.length - 1
      let slot = hash & mask
      for (let id = slots[slot]!; id !== 0; id = slots[slot]!) {
        if (hashes[id] === hash && isSame(id, bytes, start, end)) return id
        slot = (slot + 1) & mask
      }
      const id = (slots[slot] = add(bytes, start, end, hash))
      if (used * 2 > slots.length) widen()
      return id
    },
    textOf: (id) =>
      (strings[id] ??= Buffer.from(arena.buffer, starts[id - 1]!, starts[id]! - starts[id - 1]!).toString('utf8')),
    count: () => used,
    bytes: () => starts[used]!,
    clear() {
      slots = new Int32Array(1 << 11)
      strings = []
      used = 0
    },
  }
}

/** Twice multiplied by a factor nobody knows, with the high bits folded between: no bit stays what it was. */
const mixed = (word: number): number => {
  const once = Math.imul(word, 0x2c1b3c6d)
  return Math.imul(once ^ (once >>> 16) ^ seed, factor)
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}

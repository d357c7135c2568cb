import { randomInt } from 'node:crypto'

/** Texts as bytes, each kept once and known by a number from 1: a text met again costs neither a string nor memory. */
export interface ByteTable {
  /** Number of the text in `bytes[start, end)`. */
  idOf(bytes: Uint8Array, start: number, end: number): number
  textOf(id: number): string
  /** Texts held. */
  count(): number
  /** Bytes held, in all. */
  bytes(): number
  clear(): void
}

const seed = randomInt(1 << 30)

export function byteTable(): ByteTable {
  let arena = new Uint8Array(1 << 16)
  let starts = new Uint32Array(1 << 10)
  let hashes = new Int32Array(1 << 10)
  let slots = new Int32Array(1 << 11)
  let used = 0

  const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
    // The start value is another one in each process: files can't be made to collide.
    let hash = seed ^ (end - start)
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
    hash ^= hash >>> 15
    hash = Math.imul(hash, 0x2c1b3c6d)
    return hash ^ (hash >>> 13)
  }

  const isSame = (id: number, bytes: Uint8Array, start: number, end: number): boolean => {
    let at = starts[id - 1]!
    if (starts[id]! - at !== end - start) return false
    for (let from = start; from < end; from++, at++) if (arena[at] !== bytes[from]) return false
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
    if (to > arena.length) arena = grown(arena, new Uint8Array(Math.max(arena.length * 2, to)))
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
    idOf(bytes, start, end) {
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
    textOf: (id) => Buffer.from(arena.buffer, starts[id - 1]!, starts[id]! - starts[id - 1]!).toString('utf8'),
    count: () => used,
    bytes: () => starts[used]!,
    clear() {
      slots = new Int32Array(1 << 11)
      used = 0
    },
  }
}

function grown<T extends Uint8Array | Uint32Array | Int32Array>(old: T, fresh: T): T {
  fresh.set(old)
  return fresh
}

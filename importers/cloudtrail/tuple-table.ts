/** Rows of whole numbers, all of one width, each kept once and known by a number from 0. */
export interface TupleTable {
  /** Number of this row: of the one there is, or `-1 - n` where it was not there and is row n now. */
  find(row: Int32Array): number
  count(): number
  clear(): void
}

export function tupleTable(width: number): TupleTable {
  let rows = new Int32Array(256 * width)
  let slots = new Int32Array(1024)
  let used = 0

  const hashOf = (row: Int32Array, start: number): number => {
    let hash = width
    for (let at = start; at < start + width; at++) hash = Math.imul(hash ^ row[at]!, 0x85ebca6b) ^ (hash >>> 13)
    hash ^= hash >>> 16
    return Math.imul(hash, 0x2c1b3c6d) >>> 3
  }

  const isSame = (number: number, row: Int32Array): boolean => {
    const start = number * width
    for (let at = 0; at < width; at++) if (rows[start + at] !== row[at]) return false
    return true
  }

  const widen = (): void => {
    slots = new Int32Array(slots.length * 2)
    const mask = slots.length - 1
    for (let number = 0; number < used; number++) {
      let slot = hashOf(rows, number * width) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
  }

  return {
    find(row) {
      const mask = slots.length - 1
      let slot = hashOf(row, 0) & mask
      for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
        if (isSame(held - 1, row)) return held - 1
        slot = (slot + 1) & mask
      }
      if ((used + 1) * width > rows.length) {
        const wider = new Int32Array(rows.length * 2)
        wider.set(rows)
        rows = wider
      }
      rows.set(row, used * width)
      slots[slot] = used + 1
      used++
      if (used * 2 > slots.length) widen()
      return -used
    },
    count: () => used,
    clear() {
      slots = new Int32Array(1024)
      used = 0
    },
  }
}

import { randomInt } from 'node:crypto'

/** Slices kept, in groups of this many; a new one takes the place of the oldest of its group. */
const GROUPS = 512
const IN_GROUP = 8
export const SLICES = GROUPS * IN_GROUP
/** Longest slice kept, and shortest: so many bytes decide the group. */
const LONGEST = 640
const SHORTEST = 64

const seed = randomInt(2 ** 31)

/** Values that were read before, as they stood, with what was found in them: most come again to the letter. */
export interface Slices {
  /** Number of the slice that stands at `at` and ends at or before `limit`; -1 where none is known. */
  find(view: DataView, at: number, limit: number): number
  /**
   * Keeps a slice and where the fields in it stand (`starts` and `ends` from number `first` on).
   * @param mark where the four bytes stand that tell it from others of its kind
   * @returns its number, or -1 where it is not kept
   */
  add(view: DataView, at: number, end: number, mark: number, starts: Int32Array, ends: Int32Array): number
  length(slice: number): number
  /** Puts back where the fields stand. */
  place(slice: number, at: number, starts: Int32Array, ends: Int32Array): void
  /** Grows when the number is given to another slice. */
  version(slice: number): number
}

export function slices(first: number, count: number): Slices {
  const held = new DataView(new ArrayBuffer(SLICES * LONGEST))
  const lengths = new Int32Array(SLICES)
  const marks = new Int32Array(SLICES)
  const versions = new Int32Array(SLICES)
  const oldest = new Uint8Array(GROUPS)
  const fieldStarts = new Int32Array(SLICES * count)
  const fieldEnds = new Int32Array(SLICES * count)

  const groupOf = (view: DataView, at: number): number => {
    let hash = seed
    for (let place = at; place < at + SHORTEST; place += 4) {
      hash = Math.imul(hash ^ view.getInt32(place, true), 0x2c1b3c6d)
      hash ^= hash >>> 15
    }
    return (hash >>> 4) & (GROUPS - 1)
  }

  const isSame = (slice: number, view: DataView, at: number): boolean => {
    const length = lengths[slice]!
    const from = slice * LONGEST
    const mark = marks[slice]!
    if (view.getInt32(at + mark, true) !== held.getInt32(from + mark, true)) return false
    const last = length - 4
    for (let place = 0; place < last; place += 4)
      if (view.getInt32(at + place, true) !== held.getInt32(from + place, true)) return false
    return view.getInt32(at + last, true) === held.getInt32(from + last, true)
  }

  return {
    find(view, at, limit) {
      if (at + SHORTEST > limit) return -1
      const group = groupOf(view, at) * IN_GROUP
      for (let slice = group; slice < group + IN_GROUP; slice++) {
        const length = lengths[slice]!
        if (length !== 0 && at + length <= limit && isSame(slice, view, at)) return slice
      }
      return -1
    },
    add(view, at, end, mark, starts, ends) {
      const length = end - at
      if (length < SHORTEST || length > LONGEST) return -1
      const group = groupOf(view, at)
      const slice = group * IN_GROUP + oldest[group]!
      oldest[group] = (oldest[group]! + 1) % IN_GROUP
      const from = slice * LONGEST
      for (let place = 0; place < length - 4; place += 4)
        held.setInt32(from + place, view.getInt32(at + place, true), true)
      held.setInt32(from + length - 4, view.getInt32(end - 4, true), true)
      lengths[slice] = length
      marks[slice] = mark - at
      versions[slice]!++
      for (let number = 0; number < count; number++) {
        const start = starts[first + number]!
        fieldStarts[slice * count + number] = start < 0 ? start : start - at
        fieldEnds[slice * count + number] = ends[first + number]! - at
      }
      return slice
    },
    length: (slice) => lengths[slice]!,
    place(slice, at, starts, ends) {
      for (let number = 0; number < count; number++) {
        const start = fieldStarts[slice * count + number]!
        starts[first + number] = start < 0 ? start : start + at
        ends[first + number] = fieldEnds[slice * count + number]! + at
      }
    },
    version: (slice) => versions[slice]!,
  }
}

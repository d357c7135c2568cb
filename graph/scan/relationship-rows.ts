/** Relationships by number, a column each; see `Columns`. */
export interface RelationshipRows {
  readonly from: Int32Array
  readonly to: Int32Array
  readonly need: Int32Array
  readonly timing: Int32Array
  readonly kind: Uint8Array
  readonly standing: Uint8Array
}

/** Rows that come one by one or many at a time; columns double when they are full. */
export interface GrowingRows {
  readonly count: () => number
  add(from: number, to: number, kind: number, standing: number, need: number, timing: number): void
  /** The first `count` of these. */
  append(rows: RelationshipRows, count: number): void
  /** What there is; the columns are its own from now on. */
  finish(): RelationshipRows
}

const FIRST_ROOM = 1024

const roomFor = (length: number): RelationshipRows => ({
  from: new Int32Array(length),
  to: new Int32Array(length),
  need: new Int32Array(length),
  timing: new Int32Array(length),
  kind: new Uint8Array(length),
  standing: new Uint8Array(length),
})

const columnNames = ['from', 'to', 'need', 'timing', 'kind', 'standing'] as const

export function growingRows(): GrowingRows {
  let held = roomFor(FIRST_ROOM)
  let room = FIRST_ROOM
  let length = 0
  const makeRoom = (least: number): void => {
    room = Math.max(2 * room, least)
    const larger = roomFor(room)
    for (const name of columnNames) larger[name].set(held[name].subarray(0, length))
    held = larger
  }
  return {
    count: () => length,
    add(from, to, kind, standing, need, timing) {
      if (length === room) makeRoom(length + 1)
      held.from[length] = from
      held.to[length] = to
      held.kind[length] = kind
      held.standing[length] = standing
      held.need[length] = need
      held.timing[length++] = timing
    },
    append(rows, count) {
      if (length + count > room) makeRoom(length + count)
      for (const name of columnNames) held[name].set(rows[name].subarray(0, count), length)
      length += count
    },
    finish() {
      const whole = { ...held }
      for (const name of columnNames) Object.assign(whole, { [name]: held[name].subarray(0, length) })
      return whole
    },
  }
}

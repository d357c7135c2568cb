/** Where the last event of a tally stands. An id that is a UUID is kept as four numbers, any other as text. */
export interface Locator {
  readonly words: Uint32Array
  text: string | undefined
  file: number
}

export const locator = (): Locator => ({ words: new Uint32Array(4), text: undefined, file: 0 })

/** What is counted of one effect in one session, or for one source (`-number`). Times in ms since 1970; NaN where no event had one. */
export interface Tally {
  session: number
  effect: number
  count: number
  first: number
  last: number
  readonly at: Locator
}

export interface Tallies {
  /** Counts one event. @returns the row of its tally, which is good until the next `drain` */
  add(session: number, effect: number, time: number, at: Locator): number
  /** Counts all events of another tally. @returns the row of the sum */
  join(session: number, tally: Tally): number
  count(): number
  /** Each tally in turn, in one object that is used again. Those for which `keep` is true stay, the others are gone. */
  drain(keep: (tally: Tally, row: number) => boolean): void
}

const WORDS = 4

/**
 * Counts by session and effect in typed arrays: 52 bytes each, however many events. Which event is the last does not
 * depend on the order in which they come.
 */
export function tallies(): Tallies {
  let room = 1 << 10
  let columns = columnsOf(room)
  let texts = new Map<number, string>()
  let slots = new Int32Array(room * 2)
  let used = 0

  const slotOf = (session: number, effect: number): number => {
    const mask = slots.length - 1
    let hash = Math.imul(session, 0x9e3779b1) ^ Math.imul(effect, 0x85ebca6b)
    hash ^= hash >>> 15
    let slot = Math.imul(hash, 0x2c1b3c6d) & mask
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      if (columns.session[held - 1] === session && columns.effect[held - 1] === effect) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  const widen = (): void => {
    const wider = columnsOf(room * 2)
    for (const name of columnNames) wider[name].set(columns[name] as never)
    columns = wider
    room *= 2
    reindex()
  }

  const reindex = (): void => {
    slots = new Int32Array(room * 2)
    for (let row = 0; row < used; row++) slots[slotOf(columns.session[row]!, columns.effect[row]!)] = row + 1
  }

  const put = (row: number, at: Locator): void => {
    columns.file[row] = at.file
    for (let word = 0; word < WORDS; word++) columns.words[row * WORDS + word] = at.words[word]!
    if (at.text !== undefined) texts.set(row, at.text)
    else if (texts.size > 0) texts.delete(row)
  }

  const isLater = (row: number, time: number, at: Locator): boolean => {
    const last = columns.last[row]!
    if (Number.isNaN(time) !== Number.isNaN(last)) return Number.isNaN(last)
    if (time !== last && !Number.isNaN(time)) return time > last
    const held = texts.get(row)
    if (held !== undefined || at.text !== undefined) return (at.text ?? '') > (held ?? '')
    for (let word = 0; word < WORDS; word++) {
      const other = columns.words[row * WORDS + word]!
      if (at.words[word] !== other) return at.words[word]! > other
    }
    return false
  }

  const read = (row: number, tally: Tally): void => {
    tally.session = columns.session[row]!
    tally.effect = columns.effect[row]!
    tally.count = columns.count[row]!
    tally.first = columns.first[row]!
    tally.last = columns.last[row]!
    tally.at.file = columns.file[row]!
    tally.at.text = texts.get(row)
    tally.at.words.set(columns.words.subarray(row * WORDS, row * WORDS + WORDS))
  }

  const sum = (session: number, effect: number, count: number, first: number, last: number, at: Locator): number => {
    let slot = slotOf(session, effect)
    let row = slots[slot]! - 1
    if (row >= 0) {
      columns.count[row]! += count
      if (first < columns.first[row]! || Number.isNaN(columns.first[row]!)) columns.first[row] = first
      if (!isLater(row, last, at)) return row
      columns.last[row] = last
      put(row, at)
      return row
    }
    if (used === room) {
      widen()
      slot = slotOf(session, effect)
    }
    row = used++
    slots[slot] = row + 1
    columns.session[row] = session
    columns.effect[row] = effect
    columns.count[row] = count
    columns.first[row] = first
    columns.last[row] = last
    put(row, at)
    return row
  }

  return {
    add: (session, effect, time, at) => sum(session, effect, 1, time, time, at),
    join: (session, { effect, count, first, last, at }) => sum(session, effect, count, first, last, at),
    count: () => used,
    drain(keep) {
      const tally: Tally = { session: 0, effect: 0, count: 0, first: 0, last: 0, at: locator() }
      const kept: Tally[] = []
      for (let row = 0; row < used; row++) {
        read(row, tally)
        if (keep(tally, row)) kept.push({ ...tally, at: { ...tally.at, words: tally.at.words.slice() } })
      }
      room = 1 << 10
      while (room < kept.length) room *= 2
      columns = columnsOf(room)
      texts = new Map()
      used = kept.length
      kept.forEach(({ session, effect, count, first, last, at }, row) => {
        columns.session[row] = session
        columns.effect[row] = effect
        columns.count[row] = count
        columns.first[row] = first
        columns.last[row] = last
        put(row, at)
      })
      reindex()
    },
  }
}

const columnNames = ['session', 'effect', 'count', 'file', 'first', 'last', 'words'] as const

function columnsOf(room: number) {
  return {
    session: new Int32Array(room),
    effect: new Int32Array(room),
    count: new Uint32Array(room),
    file: new Int32Array(room),
    first: new Float64Array(room),
    last: new Float64Array(room),
    words: new Uint32Array(room * WORDS),
  }
}

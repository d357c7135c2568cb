/** Seconds `[min, max]`, as facts carry it. */
type SpanFact = readonly [number, number | null]

/** Columns of one row of timings; the two runs read one of each pair (engine.md, "Two runs bracket the truth"). */
export const timingColumns = {
  sessionMin: 0,
  sessionMax: 1,
  toleranceMin: 2,
  toleranceMax: 3,
  pickupMin: 4,
  pickupMax: 5,
  cadence: 6,
} as const
export const TIMING_WIDTH = 7

/** Rows of seconds; row 0 is "nothing was said". Infinity stands for `null`, and for "never by itself". */
export interface Timings {
  rows: Float64Array
  count: number
  /** Open addressing: row number + 1, 0 is free. */
  slots: Int32Array
}

export interface TimingFacts {
  session?: SpanFact | undefined
  tolerance?: SpanFact | undefined
  pickup?: SpanFact | undefined
  cadence?: number | undefined
}

export function timings(): Timings {
  const rows = new Float64Array(64 * TIMING_WIDTH)
  rows.set([0, 0, 0, 0, Infinity, Infinity, 0])
  return { rows, count: 1, slots: new Int32Array(256) }
}

/** The table that has these rows, in their order. */
export function timingsOf(rows: Float64Array): Timings {
  const count = rows.length / TIMING_WIDTH
  const table = { rows: new Float64Array(Math.max(64 * TIMING_WIDTH, rows.length)), count, slots: new Int32Array(64) }
  table.rows.set(rows)
  do rehash(table)
  while (count * 2 > table.slots.length)
  return table
}

const scratch = new Float64Array(TIMING_WIDTH)
const scratchBits = new Int32Array(scratch.buffer)

/** Row of these timings. Millions of relationships share a few thousand combinations, so each is kept once. */
export function timingRow(table: Timings, facts: TimingFacts): number {
  if (!facts.session && !facts.tolerance && !facts.pickup && !facts.cadence) return 0
  scratch[0] = facts.session?.[0] ?? 0
  scratch[1] = facts.session ? (facts.session[1] ?? Infinity) : 0
  scratch[2] = facts.tolerance?.[0] ?? 0
  scratch[3] = facts.tolerance ? (facts.tolerance[1] ?? Infinity) : 0
  scratch[4] = facts.pickup?.[0] ?? Infinity
  scratch[5] = facts.pickup?.[1] ?? Infinity
  scratch[6] = facts.cadence ?? 0
  let hash = 0
  for (const bits of scratchBits) hash = Math.imul(hash ^ bits, 0x9e3779b1) ^ (hash >>> 15)
  const mask = table.slots.length - 1
  let slot = (hash ^ (hash >>> 16)) & mask
  for (; table.slots[slot] !== 0; slot = (slot + 1) & mask) {
    const row = table.slots[slot]! - 1
    if (isRow(table, row)) return row
  }
  return addRow(table, slot)
}

function isRow(table: Timings, row: number): boolean {
  for (let i = 0; i < TIMING_WIDTH; i++) if (table.rows[row * TIMING_WIDTH + i] !== scratch[i]) return false
  return true
}

function addRow(table: Timings, slot: number): number {
  const row = table.count++
  if (table.count * TIMING_WIDTH > table.rows.length) {
    const larger = new Float64Array(table.rows.length * 2)
    larger.set(table.rows)
    table.rows = larger
  }
  table.rows.set(scratch, row * TIMING_WIDTH)
  table.slots[slot] = row + 1
  if (table.count * 2 > table.slots.length) rehash(table)
  return row
}

function rehash(table: Timings): void {
  table.slots = new Int32Array(table.slots.length * 4)
  const mask = table.slots.length - 1
  for (let row = 1; row < table.count; row++) {
    scratch.set(table.rows.subarray(row * TIMING_WIDTH, (row + 1) * TIMING_WIDTH))
    let hash = 0
    for (const bits of scratchBits) hash = Math.imul(hash ^ bits, 0x9e3779b1) ^ (hash >>> 15)
    let slot = (hash ^ (hash >>> 16)) & mask
    while (table.slots[slot] !== 0) slot = (slot + 1) & mask
    table.slots[slot] = row + 1
  }
}

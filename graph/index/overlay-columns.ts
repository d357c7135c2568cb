import { float64s, int32s, uint16s, uint32s, uint8s } from '../arrays.ts'
import { TIMING_WIDTH } from '../outage/timings.ts'
import type { Columns, TextColumn } from './columns.ts'
import type { AddedRelationship, Overlay } from './overlay.ts'

/**
 * What an overlay says, as columns: those of its base without what is gone, then what is new. An index of them is what
 * takes the overlay's place; the numbers of relationships close up, those of entities stay. O(relationships).
 * New entities stand behind those that are only named, and count as such.
 */
export function editedColumns(overlay: Overlay): Columns {
  const { ground, gone, added, newEntities } = overlay
  const { columns } = ground
  const numbers = int32s(columns.relationshipCount)
  const kept = int32s(columns.relationshipCount)
  let count = 0
  for (const relationship of gone) if (relationship < numbers.length) numbers[relationship] = -1
  for (let i = 0; i < numbers.length; i++) {
    if (numbers[i] === -1) continue
    kept[count] = i
    numbers[i] = count++
  }
  const more = added.filter((_, i) => !gone.has(columns.relationshipCount + i))
  const relationshipCount = count + more.length
  function take<T extends Int32Array | Uint8Array>(all: T, was: T, of: (one: AddedRelationship) => number): T {
    for (let i = 0; i < count; i++) all[i] = was[kept[i]!]!
    for (let i = 0; i < more.length; i++) all[count + i] = of(more[i]!)
    return all
  }
  const { timings, rowOf } = withTimings(overlay, more)
  const [picked, agent] = lasting(columns.picked, columns.agent, (of, by) => [numbers[of]!, by])
  const [carried, carrier] = lasting(columns.carried, columns.carrier, (of, by) => [numbers[of]!, numbers[by]!])
  const kinds = uint16s(columns.entityCount + newEntities.length)
  kinds.set(columns.entityKind)
  newEntities.forEach(({ kind }, i) => (kinds[columns.entityCount + i] = kind))
  return {
    entityCount: kinds.length,
    describedCount: columns.describedCount,
    ids: withTexts(columns.ids, newEntities),
    entityKind: kinds,
    relationshipCount,
    from: take(int32s(relationshipCount), columns.from, ({ from }) => from),
    to: take(int32s(relationshipCount), columns.to, ({ to }) => to),
    kind: take(uint8s(relationshipCount), columns.kind, ({ kind }) => kind),
    standing: take(uint8s(relationshipCount), columns.standing, ({ standing }) => standing),
    need: take(int32s(relationshipCount), columns.need, ({ need }) => need),
    timing: take(int32s(relationshipCount), columns.timing, rowOf),
    timings,
    picked,
    agent,
    carried,
    carrier,
  }
}

/** Rows of the base, then those that only new relationships have. */
function withTimings({ ground, index }: Overlay, more: readonly AddedRelationship[]) {
  const { timings } = ground.columns
  const rows: number[] = []
  const numbers = new Map<string, number>()
  const of = new Map<AddedRelationship, number>()
  for (const one of more) {
    const { timing } = one
    if (typeof timing === 'number' && timing * TIMING_WIDTH < timings.length) {
      of.set(one, timing)
      continue
    }
    const seconds =
      typeof timing === 'number' ? index.timings.subarray(timing * TIMING_WIDTH, (timing + 1) * TIMING_WIDTH) : timing
    const key = seconds.join(' ')
    let row = numbers.get(key)
    if (row === undefined) {
      row = (timings.length + rows.length) / TIMING_WIDTH
      numbers.set(key, row)
      rows.push(...seconds)
    }
    of.set(one, row)
  }
  const all = float64s(timings.length + rows.length)
  all.set(timings)
  all.set(rows, timings.length)
  return { timings: all, rowOf: (one: AddedRelationship) => of.get(one)! }
}

/** Pairs that still are, both ends by their numbers now. */
function lasting(
  first: Int32Array,
  second: Int32Array,
  now: (first: number, second: number) => readonly [number, number],
): [Int32Array, Int32Array] {
  const pairs = Array.from(first, (one, i) => now(one, second[i]!)).filter(([one, other]) => one >= 0 && other >= 0)
  return [Int32Array.from(pairs, ([one]) => one), Int32Array.from(pairs, ([, other]) => other)]
}

function withTexts(ids: TextColumn, more: readonly { readonly id: string }[]): TextColumn {
  if (more.length === 0) return ids
  const texts = more.map(({ id }) => new TextEncoder().encode(id))
  const bytes = new Uint8Array(ids.bytes.length + texts.reduce((sum, text) => sum + text.length, 0))
  const offsets = uint32s(ids.offsets.length + texts.length)
  bytes.set(ids.bytes)
  offsets.set(ids.offsets)
  let [end, row] = [ids.bytes.length, ids.offsets.length]
  for (const text of texts) {
    bytes.set(text, end)
    end += text.length
    offsets[row++] = end
  }
  return { bytes, offsets }
}

import type { Columns } from './kept-columns.ts'

/** Ids as columns: their text one after the other, where each ends, and a table to find one by (open addressing). */
export function idColumns(ids: readonly string[]): Columns {
  const text = ids.join('')
  const bytes = Buffer.from(text)
  const isPlain = bytes.length === text.length
  const ends = new Uint32Array(ids.length)
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * ids.length + 1)))
  let end = 0
  ids.forEach((id, number) => {
    ends[number] = end += isPlain ? id.length : Buffer.byteLength(id)
    let slot = hashOf(id) & (slots.length - 1)
    while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = number + 1
  })
  return { idBytes: bytes, idEnds: ends, idSlots: slots }
}

function hashOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash ^ (hash >>> 15)
}

export interface KeptIds {
  readonly at: (number: number) => string
  readonly indexOf: ReadonlyMap<string, number>
}

/** Ids of these columns, each read when it is asked for. */
export function idsFrom({ idBytes, idEnds, idSlots }: Columns): KeptIds {
  const text = Buffer.from(idBytes!.buffer, idBytes!.byteOffset, idBytes!.byteLength)
  const count = idEnds!.length
  const made = new Array<string>(count)
  const at = (number: number): string =>
    (made[number] ??= text.toString('utf8', number === 0 ? 0 : idEnds![number - 1]!, idEnds![number]!))
  const get = (id: string): number | undefined => {
    for (let slot = hashOf(id) & (idSlots!.length - 1); ; slot = (slot + 1) & (idSlots!.length - 1)) {
      const number = idSlots![slot]! - 1
      if (number < 0) return undefined
      if (at(number) === id) return number
    }
  }
  let all: Map<string, number> | undefined
  const whole = (): Map<string, number> => (all ??= new Map(Array.from({ length: count }, (_, i) => [at(i), i])))
  const indexOf: ReadonlyMap<string, number> = {
    size: count,
    get,
    has: (id) => get(id) !== undefined,
    forEach: (each) => whole().forEach((value, key) => each(value, key, indexOf)),
    keys: () => whole().keys(),
    values: () => whole().values(),
    entries: () => whole().entries(),
    [Symbol.iterator]: () => whole()[Symbol.iterator](),
  }
  return { at, indexOf }
}

import { float64s, int32s, uint32s, uint8s } from '../../graph/arrays.ts'

/** Numbers of one sort, one after the other. */
export type Column = Int32Array | Uint32Array | Uint8Array | Float64Array
export type Columns = Readonly<Record<string, Column>>

const sorts = { i32: Int32Array, u32: Uint32Array, u8: Uint8Array, f64: Float64Array } as const
type Sort = keyof typeof sorts
const zeros = { i32: int32s, u32: uint32s, u8: uint8s, f64: float64s } as const satisfies Record<Sort, unknown>

/** Name, sort and length of each column, as they follow each other. */
export type ColumnList = readonly (readonly [name: string, sort: Sort, length: number])[]

/** So much is written at once: whoever writes lets others run between two frames. */
const PIECE_BYTES = 1 << 20

export function listOfColumns(columns: Columns): ColumnList {
  return Object.entries(columns).map(([name, column]) => {
    const sort = (Object.keys(sorts) as Sort[]).find((one) => column instanceof sorts[one])!
    return [name, sort, column.length]
  })
}

export function* columnFrames(columns: Columns): Generator<Uint8Array> {
  for (const { buffer, byteOffset, byteLength } of Object.values(columns))
    for (let at = 0; at < byteLength; at += PIECE_BYTES)
      yield new Uint8Array(buffer, byteOffset + at, Math.min(PIECE_BYTES, byteLength - at))
}

/**
 * The columns of the frames that come next.
 * @throws Error where frames do not hold them
 */
export function columnsFrom(next: () => Buffer, list: ColumnList): Columns {
  return Object.fromEntries(
    list.map(([name, sort, length]) => {
      const column = zeros[sort](length)
      const bytes = new Uint8Array(column.buffer)
      for (let at = 0; at < bytes.length;) {
        const piece = next()
        if (piece.length === 0) throw new Error('a frame is empty')
        bytes.set(piece, at)
        at += piece.length
      }
      return [name, column]
    }),
  )
}

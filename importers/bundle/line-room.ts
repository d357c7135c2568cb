import { bundleLineScan } from '../../graph/scan/bundle-scan.ts'
import { columnBuilder, type ColumnBuilder } from '../../graph/scan/column-builder.ts'
import { textTable } from '../../graph/scan/text-table.ts'
import { limits } from '../read/limits.ts'

/** No line of so many bytes is short enough, whatever is in it. */
export const LONGEST_LINE = 4 * limits.stringLength
/** So many bytes are put into a room at a time: they and what is made of them stay in the processor's cache. */
export const PIECE = 1 << 18
const MARGIN = 1 << 10

/** Where lines of a bundle stand while they are read: one that is being waited for, and a piece behind it. */
export interface LineRoom {
  /** The bytes; another view of them after every call of `take` or of the builder. */
  bytes(): Uint8Array
  /**
   * Takes whole lines, as long as they are plain (graph/scan/bundle-scan): returns the place of the first that is not,
   * or `end`.
   */
  take(from: number, end: number): number
  /** Lines that the last `take` took. */
  readonly took: { entities: number; relationships: number }
  readonly builder: ColumnBuilder
  /** Nothing more comes: its memory may go to the next. What the builder made stays. */
  close(): void
}

/** Of a room that was closed, for the next one. */
let idle: Uint8Array | undefined

/** In TypeScript: the twin of the kernel. */
export function lineRoom(): LineRoom {
  const [ids, needs] = [textTable(), textTable()]
  const builder = columnBuilder(ids, needs)
  const scan = bundleLineScan(builder, ids, needs)
  const bytes = idle ?? new Uint8Array(LONGEST_LINE + PIECE + MARGIN)
  idle = undefined
  const view = new DataView(bytes.buffer)
  const took = { entities: 0, relationships: 0 }
  /** Lines begin `{"entity` or `{"relationship`. */
  const [THIRD, OF_RELATIONSHIP] = [2, 0x72]
  return {
    bytes: () => bytes,
    took,
    builder,
    close: () => void (idle = bytes),
    take(from, end) {
      took.entities = took.relationships = 0
      let at = from
      while (at < end) {
        const close = scan(view, at, end)
        if (close < 0) return at
        if (bytes[at + THIRD] === OF_RELATIONSHIP) took.relationships++
        else took.entities++
        at = close + 1
      }
      return at
    },
  }
}

import { bucketOf } from '../../../graph/segments.ts'
import { heapOf, idColumns, intoHeaps, putId, sameId, sortById, type Heaps, type IdColumns } from './id-order.ts'

/**
 * Lines of segments as they come, one behind the other in pieces of memory, with a few numbers each: an import of
 * millions of facts keeps no object for any of them.
 */
export interface LineTable {
  count(): number
  /** Memory that it holds. */
  bytes(): number
  add(line: Line): void
  text(number: number): string
  bytesOf(number: number): number
  /** Writes it into `target` from `at` on. */
  write(number: number, target: Buffer, at: number): void
  about(number: number): About
  /** Lines of one heap (`heapOf`), ordered by id; those of one id as they came. */
  heap(heap: number): Int32Array
  isSame(a: number, b: number): boolean
  /** Lets go of all other lines; the rest are numbered anew. */
  keep(isKept: (number: number) => boolean): void
}

/** What its owner wants to know of a line without reading it again: small numbers, -1 for none. */
export interface About {
  readonly sort: number
  readonly from: number
  readonly to: number
}

export interface Line extends About {
  readonly id: string
  readonly text: string
  readonly isRelationship: boolean
}

const PIECE_BYTES = 1 << 20
const FIRST_ROOM = 1 << 10
const GROWTH = 1.5
/** Of UTF-8, for one unit of a string. */
const MOST_BYTES = 3

type Columns = IdColumns & {
  readonly piece: Uint32Array
  readonly at: Uint32Array
  readonly length: Uint32Array
  readonly heap: Uint16Array
  readonly sort: Int8Array
  readonly from: Int32Array
  readonly to: Int32Array
}

export function lineTable(): LineTable {
  const pieces: Buffer[] = []
  let used = 0
  let count = 0
  let columns = columnsOf(FIRST_ROOM)
  let heaps: Heaps | undefined

  const bytesOf = (number: number): Buffer => {
    const at = columns.at[number]!
    return pieces[columns.piece[number]!]!.subarray(at, at + columns.length[number]!)
  }
  return {
    count: () => count,
    bytes: () => pieces.reduce((sum, { length }) => sum + length, 0) + bytesIn(columns),
    add({ id, text, isRelationship, sort, from, to }) {
      const most = MOST_BYTES * text.length
      if (pieces.length === 0 || pieces.at(-1)!.length - used < most) {
        pieces.push(Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, most)))
        used = 0
      }
      if (count === columns.heap.length) columns = withRoom(columns, Math.ceil(count * GROWTH))
      const length = pieces.at(-1)!.write(text, used, 'utf8')
      putId(columns, count, id)
      columns.heap[count] = heapOf(bucketOf(id), isRelationship)
      columns.sort[count] = sort
      columns.from[count] = from
      columns.to[count] = to
      columns.piece[count] = pieces.length - 1
      columns.at[count] = used
      columns.length[count] = length
      used += length
      count++
      heaps = undefined
    },
    text: (number) => bytesOf(number).toString('utf8'),
    bytesOf: (number) => columns.length[number]!,
    write(number, target, at) {
      const from = columns.at[number]!
      pieces[columns.piece[number]!]!.copy(target, at, from, from + columns.length[number]!)
    },
    about: (number) => ({ sort: columns.sort[number]!, from: columns.from[number]!, to: columns.to[number]! }),
    heap(heap) {
      heaps ??= intoHeaps(columns.heap, count)
      const lines = heaps.lines.subarray(heaps.starts[heap]!, heaps.starts[heap + 1]!)
      sortById(columns, lines)
      return lines
    },
    isSame: (a, b) => sameId(columns, a, b),
    keep(isKept) {
      let piece = 0
      let kept = 0
      used = 0
      // Lines only move towards the beginning, so none is written over before it was moved.
      for (let number = 0; number < count; number++) {
        if (!isKept(number)) continue
        const bytes = bytesOf(number)
        while (pieces[piece]!.length - used < bytes.length) {
          piece++
          used = 0
        }
        bytes.copy(pieces[piece]!, used)
        for (const column of Object.values(columns)) column[kept] = column[number]!
        columns.piece[kept] = piece
        columns.at[kept] = used
        used += bytes.length
        kept++
      }
      pieces.length = kept === 0 ? 0 : piece + 1
      count = kept
      heaps = undefined
    },
  }
}

function columnsOf(room: number): Columns {
  return {
    ...idColumns(room),
    piece: new Uint32Array(room),
    at: new Uint32Array(room),
    length: new Uint32Array(room),
    heap: new Uint16Array(room),
    sort: new Int8Array(room),
    from: new Int32Array(room),
    to: new Int32Array(room),
  }
}

function withRoom(columns: Columns, room: number): Columns {
  const larger = columnsOf(room)
  for (const name of Object.keys(columns) as (keyof Columns)[]) larger[name].set(columns[name])
  return larger
}

const bytesIn = (columns: Columns): number =>
  Object.values(columns).reduce((sum, { byteLength }) => sum + byteLength, 0)

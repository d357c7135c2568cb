import { int32s, uint16s } from '../arrays.ts'
import { reserve } from '../index/engine-memory.ts'
import { engineKernel, type KernelCalls } from '../index/engine-kernels.ts'
import { roomOf, type FlatIndex } from '../index/flat-index.ts'

/**
 * Reach over the flat index, one thing after the other, with nothing cleared between two questions: cost follows what is
 * reached. By the kernel `reach` where the index lies in an engine's memory and the kernel is built, else by its twin.
 *
 *     const board = accessBoardFor(index)          // or everythingBoardFor(index); once a worker
 *     const count = reachedFrom(board, credential) // itself included
 *     board.queue.subarray(0, count)               // who, nearest first, until the next question
 */
export interface ReachBoard {
  readonly rows: ReachRows
  /** Where an item equals the epoch, it was reached by this question. */
  readonly marks: Uint16Array
  readonly queue: Int32Array
  epoch: number
  readonly kernel: KernelCalls | undefined
}

/** Where entity `i` leads: `to[start[i]] … to[end[i] - 1]`. */
export interface ReachRows {
  readonly start: Int32Array
  readonly end: Int32Array
  readonly to: Int32Array
}

/** The kernel looks so many places ahead in the queue, into zeros at its end. */
const AHEAD = 16
const EPOCH_LIMIT = 65_535

/** Over the access view: what compromise of a thing reaches. */
export function accessBoardFor(index: FlatIndex): ReachBoard {
  const rows = { start: index.accessStart, end: index.accessEnd, to: index.accessTo }
  return boardOver(index, rows, isAsMade(index))
}

/**
 * Over both views at once: everything that a loss or a compromise may touch in any way, "what need not be looked at".
 * Takes O(edges) once, and 4 bytes an edge.
 */
export function everythingBoardFor(index: FlatIndex): ReachBoard {
  const { rows, isInMemory } = rowsOfBoth(index)
  return boardOver(index, rows, isInMemory)
}

/** How many are reached from one thing, itself included: `queue[0 … count - 1]` of the board, nearest first. */
export function reachedFrom(board: ReachBoard, source: number): number {
  if (board.epoch >= EPOCH_LIMIT) {
    board.marks.fill(0)
    board.epoch = 0
  }
  board.epoch++
  const { rows, marks, queue, epoch, kernel } = board
  if (!kernel) return walkPlainly(board, source)
  return kernel['reach']!(
    rows.start.byteOffset,
    rows.end.byteOffset,
    rows.to.byteOffset,
    marks.byteOffset,
    queue.byteOffset,
    epoch,
    source,
  )
}

/** The twin of the kernel. Writes first and counts after: a branch that nobody can foresee costs more than a write. */
function walkPlainly({ rows: { start, end, to }, marks, queue, epoch }: ReachBoard, source: number): number {
  marks[source] = epoch
  queue[0] = source
  let tail = 1
  for (let head = 0; head < tail; head++) {
    const at = queue[head]!
    for (let edge = start[at]!, last = end[at]!; edge < last; edge++) {
      const next = to[edge]!
      queue[tail] = next
      tail += marks[next] !== epoch ? 1 : 0
      marks[next] = epoch
    }
  }
  return tail
}

/** An index with changes laid over it has rows elsewhere, where kernels do not look. */
function isAsMade({ inStart, inEnd, accessStart, accessEnd }: FlatIndex): boolean {
  return inEnd.byteOffset === inStart.byteOffset + 4 && accessEnd.byteOffset === accessStart.byteOffset + 4
}

function boardOver(index: FlatIndex, rows: ReachRows, isInMemory: boolean): ReachBoard {
  const room = isInMemory ? roomOf(index) : undefined
  const kernel = engineKernel('reach', index.memory ?? undefined)
  const { entities } = index
  const length = entities + 1 + AHEAD
  const at = room && kernel ? reserve(room, 4 * length + 2 * entities) : 0
  if (!room || at === 0) return { rows, marks: uint16s(entities), queue: int32s(length), epoch: 0, kernel: undefined }
  const { buffer } = room.memory
  const queue = new Int32Array(buffer, at, length)
  return { rows, marks: new Uint16Array(buffer, at + 4 * length, entities), queue, epoch: 0, kernel }
}

/** Both views as one: who depends on a thing, and what compromise of it reaches; each only once. */
function rowsOfBoth(index: FlatIndex): { readonly rows: ReachRows; readonly isInMemory: boolean } {
  const { entities, inStart, inEnd, edges, accessStart, accessEnd, accessTo } = index
  let most = 0
  for (let one = 0; one < entities; one++) most += inEnd[one]! - inStart[one]! + accessEnd[one]! - accessStart[one]!
  const room = roomOf(index)
  const length = entities + 1 + most
  const at = room ? reserve(room, 4 * length) : 0
  const words = at > 0 ? new Int32Array(room!.memory.buffer, at, length) : int32s(length)
  const start = words.subarray(0, entities + 1)
  const to = words.subarray(entities + 1)
  const seenAt = int32s(entities)
  let next = 0
  const add = (one: number, other: number): void => {
    if (seenAt[other] === one + 1) return
    seenAt[other] = one + 1
    to[next++] = other
  }
  for (let one = 0; one < entities; one++) {
    for (let edge = inStart[one]!; edge < inEnd[one]!; edge++) add(one, edges[2 * edge]!)
    for (let edge = accessStart[one]!; edge < accessEnd[one]!; edge++) add(one, accessTo[edge]!)
    start[one + 1] = next
  }
  return { rows: { start, end: start.subarray(1), to }, isInMemory: at > 0 }
}

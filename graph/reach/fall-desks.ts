import { reserve, type EngineMemory } from '../index/engine-memory.ts'
import { HELD } from './fall-view.ts'

/** How much there is of what a worker marks. */
export interface DeskSize {
  readonly entities: number
  readonly groups: number
  /** Of the view, or more. */
  readonly edges: number
  readonly systems: number
}

/** Whom a search for hubs asks (`kernels/falls/hubs`). */
const ASKED = 1056

/** What one worker of a ledger writes while it counts, in the order in which the kernel is told of it (`useMarks`). */
const parts: readonly ((size: DeskSize) => number)[] = [
  ({ entities }) => 2 * entities, // out
  ({ entities }) => 2 * entities, // refused
  ({ entities }) => 2 * entities, // readLoss
  ({ entities }) => 2 * entities, // softLoss
  ({ entities }) => 2 * entities, // soft
  ({ entities }) => 4 * (entities + 1), // queue
  ({ entities }) => 4 * (entities + 1), // places
  ({ entities }) => 4 * (entities + 1), // began
  ({ groups }) => 4 * groups, // groups
  ({ edges }) => 4 * edges, // counted
  ({ systems }) => 2 * systems, // systemMarks
  () => 4 * ASKED, // asked
]
const LINE = 64
const lined = (bytes: number): number => Math.ceil(bytes / LINE) * LINE

export const deskBytes = (size: DeskSize): number => parts.reduce((sum, bytes) => sum + lined(bytes(size)), 0)

/** Addresses of its parts, of a desk at `at`. */
export function deskParts(size: DeskSize, at: number): number[] {
  let next = at
  return parts.map((bytes) => {
    const start = next
    next += lined(bytes(size))
    return start
  })
}

/** Desks of the workers of a ledger, all zeros, one behind the other: there before there is anything to count. */
export interface FallDesks {
  readonly memory: EngineMemory
  readonly at: number
  readonly bytes: number
  readonly count: number
  /** One word: the next that nobody has taken. */
  readonly next: Int32Array
}

/** Null where memory has no room for so many. */
export function fallDesksFor(memory: EngineMemory, size: DeskSize, count: number): FallDesks | null {
  const bytes = deskBytes(size)
  const room = { memory, bytes: HELD }
  const [word, at] = [reserve(room, 4), reserve(room, bytes * count)]
  if (word === 0 || at === 0) return null
  return { memory, at, bytes, count, next: new Int32Array(memory.buffer, word, 1) }
}

/** Address of a desk that is the caller's from now on; 0: none is left. */
export function takeDesk({ at, bytes, count, next }: FallDesks): number {
  const number = Atomics.add(next, 0, 1)
  return number < count ? at + number * bytes : 0
}

/** All of them as before the first was taken, while nobody works. */
export function clearDesks({ memory, at, bytes, count, next }: FallDesks): void {
  new Uint8Array(memory.buffer, at, bytes * count).fill(0)
  next[0] = 0
}

const PAGE = 4096

/**
 * Memory that nobody has written yet is given by the machine page by page, and to two threads of one process at a time that
 * costs each more than the counting of a small fall: so it is asked for while there is nothing to count yet. Changes nothing,
 * whoever works at the desk by now.
 */
export function touchDesk({ memory, at, bytes }: FallDesks, number: number): void {
  const words = new Int32Array(memory.buffer, at + number * bytes, bytes / 4)
  for (let word = 0; word < words.length; word += PAGE / 4) Atomics.add(words, word, 0)
}

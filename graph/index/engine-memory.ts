/**
 * Memory that kernels in WebAssembly and workers share. An index lies at its beginning, as in a file; behind it one
 * line of cache says how much is taken, and from there on each worker takes room for what it writes. Nothing is given
 * back: memory goes with its index.
 */
export interface EngineMemory {
  /** Grows: what was taken from an older buffer keeps showing the same bytes. */
  readonly buffer: ArrayBufferLike
  grow(pages: number): number
}

interface WebAssemblyMemory {
  readonly Memory: new (of: { initial: number; maximum: number; shared: boolean }) => EngineMemory
}

const PAGE = 65_536
const LINE = 64
/** 4 GiB: as kernels declare it. */
const MOST_PAGES = 65_536
/** A smaller index stays in a plain buffer: a memory reserves address space, and a small question is cheap anyway. */
export const MEMORY_FROM = 1 << 18

/** A shared memory with room for so many bytes and what workers will take; undefined where there is none. */
export function engineMemory(bytes: number): EngineMemory | undefined {
  const wasm = (globalThis as { WebAssembly?: WebAssemblyMemory }).WebAssembly
  if (wasm === undefined || bytes > (MOST_PAGES - 1) * PAGE) return undefined
  try {
    return new wasm.Memory({ initial: Math.ceil((bytes + LINE) / PAGE), maximum: MOST_PAGES, shared: true })
  } catch {
    return undefined
  }
}

/** What a worker takes room in: the memory, and how many bytes lie at its beginning (a multiple of 64). */
export interface Room {
  readonly memory: EngineMemory
  readonly bytes: number
}

/**
 * Takes `bytes` of zeros behind an index, for good; several workers may at once.
 * @returns the address, a multiple of 64; 0 where memory is at its end.
 */
export function reserve({ memory, bytes: held }: Room, bytes: number): number {
  const lines = Math.ceil(bytes / LINE)
  const taken = Atomics.add(new Int32Array(memory.buffer, held, 1), 0, lines)
  const start = held + LINE + taken * LINE
  try {
    for (let end = start + lines * LINE; memory.buffer.byteLength < end;)
      memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE))
    return start
  } catch {
    return 0
  }
}

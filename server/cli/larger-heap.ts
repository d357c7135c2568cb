import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { getHeapStatistics } from 'node:v8'
import { endedForMemory, NotEnoughMemory } from '../estate/not-enough-memory.ts'
import { importLimits } from '../import/import-limits.ts'
import { dataFiles } from '../store/embedded/directory.ts'

/** Packed facts of some two million relationships: their estate does not fit into the heap that Node takes by itself. */
const LARGE_STORE = 100e6
const FLAG = '--max-old-space-size'
const MORE_MEMORY =
  'it takes two fifths of the memory of the machine: NODE_OPTIONS=--max-old-space-size=MB takes another number, or start `keyfall serve` on a larger machine and ask that (docs/scale.md)'

/**
 * A command that answers from a large store goes on as a process of its own with a larger heap, as V8 takes that at its
 * start alone: then this does not return. It returns where the store is not large or somebody chose a heap.
 * @throws NotEnoughMemory where that was not enough
 */
export function withLargerHeap(dataDir: string): void {
  const size = statSync(dataFiles(dataDir).store, { throwIfNoEntry: false })?.size ?? 0
  const chosen = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((text) => text.includes(FLAG))
  const megabytes = importLimits().megabytes
  if (size < LARGE_STORE || chosen || getHeapStatistics().heap_size_limit > megabytes * 1e6) return
  // What is opened stays: looking for garbage while the heap grows to half of that finds none.
  const early = `--initial-heap-size=${Math.floor(megabytes / 2)}`
  const args = [`${FLAG}=${megabytes}`, early, ...process.execArgv, ...process.argv.slice(1)]
  const ended = spawnSync(process.execPath, args, { stdio: 'inherit' })
  if (endedForMemory(ended)) throw new NotEnoughMemory('this command', megabytes, MORE_MEMORY)
  process.exit(ended.status ?? 1)
}

import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { packageRoot } from '../root.ts'
import { StoreError } from '../store/errors.ts'
import { heapOfEstate, MORE_MEMORY } from './answering.ts'
import { bundleLines } from './bundle-lines.ts'
import type { FromBundle, ToBundle } from './bundle-thread.ts'
import type { Keeper } from './keeper.ts'
import { isHeapFull, NotEnoughMemory } from './not-enough-memory.ts'

/**
 * The bundle of all that is known (`bundleLines`). Where a thread of its own holds the estate another one merges the
 * facts and makes the text, a piece ahead of whoever takes it: here it would stop everybody for as long as an import.
 * @throws NotEnoughMemory, `CorruptSegment`: before anything of it was given
 */
export async function bundleChunks(keeper: Keeper): Promise<AsyncIterable<Uint8Array | string> | Iterable<string>> {
  if (!keeper.answering?.() || !keeper.kept) return bundleLines(keeper.facts())
  const scopes = [...keeper.kept().values()]
  for (const scope of scopes) await scope.load()
  const worker = new Worker(join(packageRoot(), 'dist', 'server', 'estate', 'bundle-thread.js'), {
    resourceLimits: { maxOldGenerationSizeMb: heapOfEstate() },
    workerData: scopes.map(({ segments }) => segments),
  })
  const pieces = piecesOf(worker)
  // What goes wrong before there is anything is said as an answer, not as a file that ends.
  let first: IteratorResult<Uint8Array> | undefined = await pieces.next()
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const now = first ?? (await pieces.next())
        first = undefined
        return now
      },
      return: () => pieces.return(undefined),
    }),
  }
}

async function* piecesOf(worker: Worker): AsyncGenerator<Uint8Array> {
  const failed = once(worker, 'exit').then(() => {
    throw new Error('the thread that makes a bundle has ended')
  })
  failed.catch(() => undefined)
  try {
    for (;;) {
      const said = Promise.race([once(worker, 'message'), failed])
      worker.postMessage('more' satisfies ToBundle)
      const [word] = (await said) as [FromBundle]
      if ('damaged' in word) throw new StoreError('CorruptSegment', word.damaged)
      if (!word.bytes) return
      yield word.bytes
    }
  } catch (error) {
    if (isHeapFull(error)) throw new NotEnoughMemory('the thread that makes a bundle', heapOfEstate(), MORE_MEMORY)
    throw error
  } finally {
    await worker.terminate()
  }
}

import { parentPort, workerData } from 'node:worker_threads'
import type { KnownFacts } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import { isStoreError } from '../store/errors.ts'
import { bundleLines } from './bundle-lines.ts'
import { lowWhileBuilding } from './low-while-building.ts'
import { factsOfShared, type SharedSegments } from './shared-segments.ts'

export type ToBundle = 'more'
export type FromBundle =
  | /** A piece of the bundle; undefined: that was all. */ { readonly bytes: Uint8Array | undefined }
  | { readonly damaged: string }

/** Large enough that going from thread to thread costs nothing beside making it. */
const PIECE = 1 << 18

/** Program of a thread that makes a bundle of what these segments say, one piece for each time it is told `more`. */
lowWhileBuilding()
const port = parentPort!
const pieces = piecesOf(workerData as readonly SharedSegments[])
port.on('message', () => {
  try {
    const { value: bytes } = pieces.next()
    port.postMessage({ bytes: bytes ?? undefined } satisfies FromBundle)
  } catch (error) {
    if (!isStoreError(error)) throw error
    port.postMessage({ damaged: error.message } satisfies FromBundle)
  }
})

function* piecesOf(scopes: readonly SharedSegments[]): Generator<Uint8Array, undefined> {
  let lines: string[] = []
  let length = 0
  for (const line of bundleLines(mergedFacts(scopes))) {
    lines.push(line)
    length += line.length
    if (length < PIECE) continue
    yield Buffer.from(lines.join(''))
    lines = []
    length = 0
  }
  if (length > 0) yield Buffer.from(lines.join(''))
  return undefined
}

function mergedFacts(scopes: readonly SharedSegments[]): KnownFacts {
  const merge = startMerge()
  for (const segments of scopes) merge.known(factsOfShared(segments))
  return merge.finish()
}

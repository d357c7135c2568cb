import type { Committed, Sha256, WholeImport } from '../contract.ts'
import { startAskedThread, type AskedThread } from './asked-thread.ts'
import type { ImportWriter, NewImport } from './imports.ts'
import { forgetHeldTurn, type WritingTurns } from './writing-turns.ts'

export interface PutSegment {
  readonly bucket: number
  readonly hash: Sha256
  readonly bytes: Uint8Array
}
export type ToWriter =
  | { readonly say: 'put'; readonly segments: readonly PutSegment[] }
  | { readonly say: 'flip'; readonly import_: NewImport }
  | { readonly say: 'read'; readonly hashes: readonly Sha256[] }
  | { readonly say: 'close' }
export type SaidByWriter = Committed | WholeImport | undefined
type WriterThread = AskedThread<ToWriter, SaidByWriter>

export interface WriterApart extends ImportWriter {
  /** The segments of an import, by bucket; undefined where no thread was started. */
  read(hashes: readonly Sha256[]): Promise<WholeImport | undefined>
  /** Resolves when its handle is closed. */
  close(): Promise<void>
}

interface Waiting {
  readonly segment: PutSegment
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Bytes of one transaction: others who write wait for it. */
const TOGETHER_BYTES = 2 << 20

/**
 * Writes imports in a thread with a handle of its own, which is started by the first of them: half a second of packing
 * and waiting for the disk is then nobody's. `told` hears when it begins and ends.
 */
export function openWriterApart(path: string, turns: WritingTurns, told: (isOpen: boolean) => void): WriterApart {
  const waiting: Waiting[] = []
  let isPutting = false
  let thread: WriterThread | undefined

  const running = (): WriterThread => {
    if (!thread) {
      thread = startAskedThread('writer-thread', { path, turns }, () => {
        thread = undefined
        forgetHeldTurn(turns)
        told(false)
      })
      told(true)
    }
    return thread
  }
  const putAll = async (): Promise<void> => {
    isPutting = true
    while (waiting.length > 0) {
      let bytes = 0
      const fits = waiting.findIndex(({ segment }) => (bytes += segment.bytes.length) > TOGETHER_BYTES)
      const batch = waiting.splice(0, fits < 0 ? waiting.length : Math.max(1, fits))
      try {
        await running().ask({ say: 'put', segments: batch.map(({ segment }) => segment) })
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isPutting = false
  }
  return {
    put: (bucket, hash, bytes) =>
      new Promise((resolve, reject) => {
        waiting.push({ segment: { bucket, hash, bytes }, resolve, reject })
        // What is put in this turn goes together.
        if (!isPutting && waiting.length === 1) queueMicrotask(() => void putAll())
      }),
    flip: async (import_) => (await running().ask({ say: 'flip', import_ })) as Committed,
    read: async (hashes) => (await thread?.ask({ say: 'read', hashes })) as WholeImport | undefined,
    close: async () => thread?.close(),
  }
}

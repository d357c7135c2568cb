import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { packageRoot } from '../../root.ts'
import type { Committed, Sha256, WholeImport } from '../contract.ts'
import { StoreError, type StoreErrorName } from '../errors.ts'
import type { ImportWriter, NewImport } from './imports.ts'

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
export type FromWriter =
  | { readonly say: 'done'; readonly what: Committed | WholeImport | undefined }
  | { readonly say: 'failed'; readonly name: StoreErrorName | undefined; readonly error: Error }

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
export function openWriterApart(path: string, told: (isOpen: boolean) => void): WriterApart {
  const waiting: Waiting[] = []
  let isPutting = false
  let thread: WriterThread | undefined

  const running = (): WriterThread => {
    if (!thread) {
      thread = startThread(path, () => {
        thread = undefined
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

type Said = Extract<FromWriter, { say: 'done' }>['what']

interface WriterThread {
  /** One word after the other: answers come in the order of the words. */
  ask(word: Exclude<ToWriter, { say: 'close' }>): Promise<Said>
  close(): Promise<void>
}

function startThread(path: string, ended: () => void): WriterThread {
  const worker = new Worker(join(packageRoot(), 'dist', 'server', 'store', 'embedded', 'writer-thread.js'), {
    workerData: { path },
  })
  const asked: { resolve: (said: Said) => void; reject: (error: unknown) => void }[] = []
  let gone: Error | undefined
  const end = (why: Error): void => {
    if (!gone) ended()
    gone ??= why
    for (const { reject } of asked.splice(0)) reject(gone)
  }
  worker.on('message', (word: FromWriter) => {
    const { resolve, reject } = asked.shift()!
    if (word.say === 'done') resolve(word.what)
    else reject(word.name === undefined ? word.error : new StoreError(word.name, word.error.message))
  })
  worker.on('error', () => end(new StoreError('StoreUnavailable', 'The thread that writes imports has failed.')))
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      end(new StoreError('StoreUnavailable', 'The thread that writes imports has ended.'))
      resolve()
    })
  })
  const say = (word: ToWriter): void => worker.postMessage(word)
  return {
    ask: (word) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone)
        asked.push({ resolve, reject })
        say(word)
      }),
    async close() {
      say({ say: 'close' })
      await exited
    },
  }
}

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { packageRoot } from '../../root.ts'
import { StoreError, type StoreErrorName } from '../errors.ts'

/** What a thread of the store says to each word: one answer, in the order of the words. */
export type FromAsked<Said> =
  | { readonly say: 'done'; readonly what: Said }
  | { readonly say: 'failed'; readonly name: StoreErrorName | undefined; readonly error: Error }

export interface AskedThread<Word, Said> {
  /** One word after the other: answers come in the order of the words. Rejects where the thread fails or has ended. */
  ask(word: Word): Promise<Said>
  /** Says a word that has no answer. */
  tell(word: Word): void
  /** After all that was asked. Resolves when its handle is closed. */
  close(): Promise<void>
}

/** Starts a program of this folder with a handle of its own. It ends when it is told to, between two calls of SQLite. */
export function startAskedThread<Word, Said>(
  program: 'writer-thread' | 'audit-thread',
  data: { readonly path: string; readonly turns: Int32Array },
  ended: () => void,
): AskedThread<Word, Said> {
  const worker = new Worker(join(packageRoot(), 'dist', 'server', 'store', 'embedded', `${program}.js`), {
    workerData: data,
  })
  const asked: { resolve: (said: Said) => void; reject: (error: unknown) => void }[] = []
  let gone: Error | undefined
  const end = (why: Error): void => {
    if (!gone) ended()
    gone ??= why
    for (const { reject } of asked.splice(0)) reject(gone)
  }
  worker.on('message', (word: FromAsked<Said>) => {
    const one = asked.shift()
    // Of a thread that was given up: whoever asked was told so.
    if (!one) return
    if (word.say === 'done') one.resolve(word.what)
    else one.reject(word.name === undefined ? word.error : new StoreError(word.name, word.error.message))
  })
  worker.on('error', () => end(new StoreError('StoreUnavailable', 'A thread that writes the store has failed.')))
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      end(new StoreError('StoreUnavailable', 'A thread that writes the store has ended.'))
      resolve()
    })
  })
  return {
    ask: (word) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone)
        asked.push({ resolve, reject })
        worker.postMessage(word)
      }),
    tell: (word) => worker.postMessage(word),
    async close() {
      worker.postMessage({ say: 'close' })
      await exited
    },
  }
}

import { totalmem } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { QuestionError, type QuestionErrorCode } from '../../graph/errors.ts'
import type { Snapshot } from '../../graph/wire.ts'
import { packageRoot } from '../root.ts'
import { StoreError } from '../store/errors.ts'
import { isKept, type EstateFile } from './estate-file.ts'
import type { EstateInputs } from './estate-inputs.ts'
import { isHeapFull, NotEnoughMemory } from './not-enough-memory.ts'
import type { RankingSoFar } from './tell-ranking.ts'

/** One question, as a route takes it. */
export interface Question {
  /** `GET /api/blast/{id}`, or one of `insideQuestions`. */
  readonly route: string
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
  /** Of the asking, ISO 8601. */
  readonly now: string
}

/** A thread that holds one estate and answers for it, so that nobody waits while another one is imported and built. */
export interface Answering {
  readonly snapshot: Snapshot
  /** The reply as JSON in UTF-8; undefined where it needs more than the estate. Throws what the answer threw. */
  ask(question: Question): Promise<Uint8Array | undefined>
  /** Keeps it from ending, once retired, until the returned function is called. */
  hold(): () => void
  /** Lets it answer what it was asked, and ends it. */
  retire(): void
  /** It ended, and nobody had let it go: nothing will be answered any more. */
  isLost(): boolean
}

/** `isAwaited`: nobody answers yet, so it says that it can before it has made what many answers share. */
export interface Awaited {
  readonly isAwaited: boolean
}

export type ToAnswering =
  | ({ readonly say: 'open'; readonly file: EstateFile } & Awaited)
  | ({ readonly say: 'build'; readonly inputs: EstateInputs; readonly file: EstateFile | undefined } & Awaited)
  | (Question & { readonly say: 'ask'; readonly number: number })
  /** Another one answers now. */
  | { readonly say: 'stand back' }

export type FromAnswering =
  | { readonly say: 'ready'; readonly snapshot: Snapshot }
  /** The file is not what was asked for. */
  | { readonly say: 'needs inputs' }
  | { readonly say: 'damaged'; readonly words: string }
  | ({ readonly say: 'ranking' } & RankingSoFar)
  | { readonly say: 'reply'; readonly number: number; readonly bytes: Uint8Array | undefined }
  | {
      readonly say: 'refused'
      readonly number: number
      readonly code: QuestionErrorCode
      readonly words: string
      readonly hint: string
      readonly details: readonly string[]
    }
  | { readonly say: 'failed'; readonly number: number; readonly error: Error }

interface Waiting {
  readonly resolve: (bytes: Uint8Array | undefined) => void
  readonly reject: (error: unknown) => void
}

/** Megabytes of heap that a thread may take which holds a whole estate. */
export const heapOfEstate = (): number => Math.max(HEAP_LEAST_MB, (totalmem() / 2 ** 20) * HEAP_SHARE)
const HEAP_SHARE = 0.4
const HEAP_LEAST_MB = 4096
export const MORE_MEMORY =
  'it takes two fifths of the memory of the machine: take a larger one (docs/scale.md), or a data directory for each part of the estate'
/** What an answer needs dies young and never comes to where taking it away stops the thread. */
const YOUNG_MB = 96
/** Where little is left to take away V8 walks the whole heap for that, while people wait; a thread takes away its own once. */
const NO_WALK_FOR_LITTLE = '--no-memory-reducer'

/**
 * Starts one and resolves when it can answer. Rejects with `CorruptSegment`, and where the thread dies before that.
 * `file`: where the estate is kept, to be read from there and, where it had to be built, to be written there.
 * `onError`: it died, then or later. `isAwaited`: see `Awaited`.
 */
export function startAnswering(
  inputs: () => Promise<EstateInputs>,
  file: EstateFile | undefined,
  onError: (error: unknown) => void,
  onRanking: (soFar: RankingSoFar) => void = () => undefined,
  isAwaited = false,
): Promise<Answering> {
  const megabytes = heapOfEstate()
  // Of threads that begin from now on.
  setFlagsFromString(NO_WALK_FOR_LITTLE)
  const worker = new Worker(join(packageRoot(), 'dist', 'server', 'estate', 'answering-thread.js'), {
    resourceLimits: {
      maxOldGenerationSizeMb: megabytes,
      maxYoungGenerationSizeMb: YOUNG_MB,
    },
  })
  const waiting = new Map<number, Waiting>()
  let count = 0
  let isRetired = false
  let holders = 0
  let gone: Error | undefined
  const endIfDone = (): void => {
    if (isRetired && holders === 0 && waiting.size === 0) void worker.terminate()
  }
  const say = (word: ToAnswering): void => worker.postMessage(word)
  const settle = (number: number, with_: (one: Waiting) => void): void => {
    const one = waiting.get(number)
    waiting.delete(number)
    if (one) with_(one)
    endIfDone()
  }
  const ask = (question: Question): Promise<Uint8Array | undefined> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone)
      const number = count++
      waiting.set(number, { resolve, reject })
      say({ say: 'ask', number, ...question })
    })
  return new Promise((ready, failed) => {
    const die = (error: Error): void => {
      gone ??= error
      failed(error)
      for (const one of waiting.values()) one.reject(error)
      waiting.clear()
    }
    worker.on('message', (word: FromAnswering) => {
      if (word.say === 'ready') ready({ snapshot: word.snapshot, ask, hold, retire, isLost })
      else if (word.say === 'needs inputs') build()
      else if (word.say === 'ranking') onRanking({ done: word.done, all: word.all })
      else if (word.say === 'damaged') die(new StoreError('CorruptSegment', word.words))
      else if (word.say === 'reply') settle(word.number, ({ resolve }) => resolve(word.bytes))
      else if (word.say === 'refused')
        settle(word.number, ({ reject }) => reject(new QuestionError(word.code, word.words, word.hint, word.details)))
      else settle(word.number, ({ reject }) => reject(word.error))
    })
    worker.on('error', (error: Error) => {
      const known = isHeapFull(error) ? new NotEnoughMemory('the thread that answers', megabytes, MORE_MEMORY) : error
      die(known)
      onError(known)
    })
    worker.on('exit', () => {
      const isKnown = isRetired || gone !== undefined
      const ended = new Error('the thread that answers has ended')
      die(ended)
      if (!isKnown) onError(ended)
    })
    const isLost = (): boolean => gone !== undefined && !isRetired
    const hold = (): (() => void) => {
      holders++
      let isHeld = true
      return () => {
        if (isHeld) holders--
        isHeld = false
        endIfDone()
      }
    }
    const retire = (): void => {
      isRetired = true
      say({ say: 'stand back' })
      endIfDone()
    }
    const build = (): void =>
      void inputs().then(
        (given) => say({ say: 'build', inputs: given, file, isAwaited }),
        (error: Error) => {
          die(error)
          void worker.terminate()
        },
      )
    if (file && isKept(file)) say({ say: 'open', file, isAwaited })
    else build()
  })
}

import { totalmem } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ScopeId } from '../../graph/known.ts'
import type { ProgressMessage } from '../../importers/read/messages.ts'
import type { KeptScope } from '../estate/keeper.ts'
import { packageRoot } from '../root.ts'
import { StoreError, type StoreErrorName } from '../store/errors.ts'
import type { HashedSegment } from '../store/scope-facts.ts'
import type { ImportPlan, ImportRoom, ReadOptions, ScopePlan } from './import-plan.ts'
import type { Source } from './read-files.ts'
import { ReadingFailed } from './reading.ts'

/** A source that another thread can open. */
export type PlacedSource =
  { readonly path: string } | (Omit<Extract<Source, { name: string }>, 'open' | 'file'> & { readonly file: string })

export type KnownScope = Pick<KeptScope, 'head' | 'manifest' | 'segments'>

export interface PlanWords {
  readonly say: 'plan'
  readonly room: Pick<ImportRoom, 'version' | 'fingerprintKey' | 'ownershipRules' | 'limits'>
  readonly sources: readonly PlacedSource[]
  readonly scopeName: string | undefined
  readonly known: readonly (readonly [ScopeId, KnownScope])[]
}
export type ToPlanning =
  | PlanWords
  | { readonly say: 'abort' }
  | { readonly say: 'segments'; readonly scope: ScopeId; readonly isFirst: boolean; readonly count: number }

/** As far as a message can carry it. */
export type ToldPlan = Omit<ImportPlan, 'scopes'> & { readonly scopes: readonly Omit<ScopePlan, 'segments'>[] }

export type FromPlanning =
  | { readonly say: 'progress'; readonly progress: ProgressMessage }
  | { readonly say: 'planned'; readonly plan: ToldPlan }
  | { readonly say: 'segment'; readonly hash: string; readonly bytes: Uint8Array }
  /** Those that were asked for, or as many as there are. */
  | { readonly say: 'segmented' }
  | {
      readonly say: 'failed'
      readonly sort: 'reading' | 'store' | 'other'
      readonly error: Error
      readonly name: string
      readonly code: string
    }

/** Less than this is planned in the time that a thread takes to start. */
const APART_FROM_BYTES = 2 << 20
const HEAP_SHARE = 0.4
const HEAP_LEAST_MB = 4096
const AT_A_TIME = 8

/** The sources as another thread may open them; undefined where it cannot, or where it is not worth it. */
export function placedSources(room: ImportRoom, sources: readonly Source[]): readonly PlacedSource[] | undefined {
  if (room.apartFrom === undefined || !room.keeper.kept) return undefined
  let bytes = 0
  const placed: PlacedSource[] = []
  for (const source of sources) {
    if ('path' in source) {
      placed.push(source)
      bytes = Infinity
    } else {
      const { open: _open, file, ...about } = source
      if (file === undefined) return undefined
      placed.push({ ...about, file })
      bytes += about.size ?? Infinity
    }
  }
  const isLarge = bytes >= APART_FROM_BYTES || room.keeper.answering?.() !== undefined || room.apartFrom === 0
  return isLarge ? placed : undefined
}

/**
 * The same as `planImport`, in a thread of its own, which keeps the facts and hands out segments while the plan is
 * committed. The plan has to be released.
 */
export function planApart(
  room: ImportRoom,
  sources: readonly PlacedSource[],
  { scopeName, onProgress, signal }: ReadOptions,
): Promise<ImportPlan> {
  const worker = new Worker(join(packageRoot(), 'dist', 'server', 'import', 'plan-thread.js'), {
    resourceLimits: { maxOldGenerationSizeMb: Math.max(HEAP_LEAST_MB, (totalmem() / 2 ** 20) * HEAP_SHARE) },
  })
  const say = (word: ToPlanning): void => worker.postMessage(word)
  let came: HashedSegment[] = []
  let done: () => void = () => {}
  let died: (error: unknown) => void = () => {}
  let gone: { readonly why: unknown } | undefined
  const next = (scope: ScopeId, isFirst: boolean): Promise<readonly HashedSegment[]> =>
    new Promise((resolve, reject) => {
      // Nobody would answer: a thread may end while people look at its plan.
      if (gone) return reject(gone.why)
      came = []
      done = () => resolve(came)
      died = reject
      say({ say: 'segments', scope, isFirst, count: AT_A_TIME })
    })
  /** A few are asked for while those before them are stored. */
  async function* segmentsOf(scope: ScopeId): AsyncGenerator<HashedSegment> {
    let asked = next(scope, true)
    for (;;) {
      const segments = await asked
      if (segments.length < AT_A_TIME) return yield* segments
      asked = next(scope, false)
      // What it throws is thrown where it is awaited, if anybody still wants them.
      asked.catch(() => undefined)
      yield* segments
    }
  }
  return new Promise((resolve, reject) => {
    const abort = (): void => say({ say: 'abort' })
    const fail = (error: unknown): void => {
      signal?.removeEventListener('abort', abort)
      gone ??= { why: error }
      reject(error)
      died(error)
      void worker.terminate()
    }
    signal?.addEventListener('abort', abort)
    worker.on('message', (word: FromPlanning) => {
      if (word.say === 'progress') onProgress?.(word.progress)
      else if (word.say === 'segment') came.push(word)
      else if (word.say === 'segmented') done()
      else if (word.say === 'failed') fail(errorOf(word))
      else {
        signal?.removeEventListener('abort', abort)
        const scopes = word.plan.scopes.map((one) => ({ ...one, segments: () => segmentsOf(one.scope) }))
        resolve({ ...word.plan, scopes, release: () => void worker.terminate() })
      }
    })
    worker.on('error', fail)
    worker.on('exit', () => fail(new ReadingFailed('The thread that imports has ended: import in smaller parts.')))
    const { version, fingerprintKey, ownershipRules, limits, keeper } = room
    const known = [...keeper.kept!()].map(
      ([id, { head, manifest, segments }]) => [id, { head, manifest, segments }] as const,
    )
    say({ say: 'plan', room: { version, fingerprintKey, ownershipRules, limits }, sources, scopeName, known })
    if (signal?.aborted) abort()
  })
}

function errorOf({ sort, error, name, code }: Extract<FromPlanning, { say: 'failed' }>): Error {
  if (sort === 'reading') return new ReadingFailed(error.message)
  if (sort === 'store') return new StoreError(name as StoreErrorName, error.message)
  return Object.assign(error, code !== '' && { code })
}

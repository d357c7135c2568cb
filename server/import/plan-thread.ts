import { createReadStream } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { importers } from '../../importers/registry.ts'
import type { Keeper } from '../estate/keeper.ts'
import { keptScope } from '../estate/kept-scope.ts'
import { segmentsHere } from '../estate/shared-segments.ts'
import type { HashedSegment } from '../store/scope-facts.ts'
import { isStoreError } from '../store/errors.ts'
import type { ImportPlan, ImportRoom } from './import-plan.ts'
import { planImport } from './job.ts'
import { lowerPriority } from './lower-priority.ts'
import type { FromPlanning, PlacedSource, PlanWords, ToPlanning } from './plan-apart.ts'
import type { Source } from './read-files.ts'
import { ReadingFailed } from './reading.ts'

/** Program of the thread that makes one import: reads, merges, compares, and cuts into segments what is to be stored. */
const port = parentPort!
const say = (word: FromPlanning, move: ArrayBuffer[] = []): void => port.postMessage(word, move)
const stop = new AbortController()
let plan: ImportPlan | undefined

lowerPriority()
port.on('message', (word: ToPlanning) => {
  if (word.say === 'plan') void make(word)
  else if (word.say === 'abort') stop.abort()
  else segments(word)
})

async function make(words: PlanWords): Promise<void> {
  try {
    plan = await planImport(roomOf(words), words.sources.map(sourceOf), {
      scopeName: words.scopeName,
      signal: stop.signal,
      onProgress: (progress) => say({ say: 'progress', progress }),
    })
    say({ say: 'planned', plan: { ...plan, scopes: plan.scopes.map(({ segments: _segments, ...scope }) => scope) } })
  } catch (error) {
    const failed = error as Error & { code?: unknown }
    const sort = error instanceof ReadingFailed ? 'reading' : isStoreError(error) ? 'store' : 'other'
    say({ say: 'failed', sort, error: failed, name: failed.name, code: String(failed.code ?? '') })
  }
}

/** The room as far as planning looks at it: nothing of it can be written to. */
function roomOf({ room, known }: PlanWords): ImportRoom {
  const kept = new Map(
    known.map(([id, { head, manifest, segments }]) => [id, keptScope(head, manifest, segmentsHere(segments))]),
  )
  const keeper = { scope: (id: string) => kept.get(id), kept: () => kept, reload: () => Promise.resolve() }
  return {
    ...room,
    importers,
    now: () => new Date().toISOString(),
    keeper: keeper as unknown as Keeper,
  } as ImportRoom
}

function sourceOf(source: PlacedSource): Source {
  if ('path' in source) return source
  return { ...source, open: () => createReadStream(source.file) }
}

const cutting = new Map<string, Iterator<HashedSegment>>()

/** The next few of a scope, in messages of one each: only those lie in memory twice. */
function segments({ scope, isFirst, count }: Extract<ToPlanning, { say: 'segments' }>): void {
  if (isFirst) {
    const all = plan!.scopes.find((one) => one.scope === scope)!.segments() as Iterable<HashedSegment>
    cutting.set(scope, all[Symbol.iterator]())
  }
  for (let i = 0; i < count; i++) {
    const next = cutting.get(scope)!.next()
    if (next.done) return say({ say: 'segmented' })
    const { hash, bytes } = next.value
    const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
    say({ say: 'segment', hash, bytes: own }, [own.buffer as ArrayBuffer])
  }
  say({ say: 'segmented' })
}

import { createReadStream } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { importers } from '../../importers/registry.ts'
import { segmentsOf } from '../../graph/segments.ts'
import { factsOfShared } from '../estate/shared-segments.ts'
import type { Keeper, KeptScope } from '../estate/keeper.ts'
import { isStoreError } from '../store/errors.ts'
import { sha256 } from '../store/hashing.ts'
import type { ImportPlan, ImportRoom } from './import-plan.ts'
import { planImport } from './job.ts'
import { lowerPriority } from './lower-priority.ts'
import type { FromPlanning, KnownScope, PlacedSource, PlanWords, ToPlanning } from './plan-apart.ts'
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
  else segments(word.scope)
})

async function make(words: PlanWords): Promise<void> {
  try {
    plan = await planImport(roomOf(words), words.sources.map(sourceOf), {
      scopeName: words.scopeName,
      signal: stop.signal,
      onProgress: (progress) => say({ say: 'progress', progress }),
    })
    const nothing = { entities: new Map(), relationships: new Map() }
    say({ say: 'planned', plan: { ...plan, scopes: plan.scopes.map((scope) => ({ ...scope, facts: nothing })) } })
  } catch (error) {
    const failed = error as Error & { code?: unknown }
    const sort = error instanceof ReadingFailed ? 'reading' : isStoreError(error) ? 'store' : 'other'
    say({ say: 'failed', sort, error: failed, name: failed.name, code: String(failed.code ?? '') })
  }
}

/** The room as far as planning looks at it: nothing of it can be written to. */
function roomOf({ room, known }: PlanWords): ImportRoom {
  const kept = new Map(known.map(([id, scope]) => [id, keptScope(scope)]))
  const keeper = { scope: (id: string) => kept.get(id), reload: () => Promise.resolve() }
  return {
    ...room,
    importers,
    now: () => new Date().toISOString(),
    keeper: keeper as unknown as Keeper,
  } as ImportRoom
}

function keptScope(scope: KnownScope): KeptScope {
  let facts: KeptScope['facts'] | undefined
  return {
    ...scope,
    get facts() {
      return (facts ??= factsOfShared(scope.segments))
    },
  }
}

function sourceOf(source: PlacedSource): Source {
  if ('path' in source) return source
  return { ...source, open: () => createReadStream(source.file) }
}

/** In messages of one segment each: the other side stores one while the next is made. */
function segments(scope: string): void {
  const { facts } = plan!.scopes.find((one) => one.scope === scope)!
  const encoder = new TextEncoder()
  for (const { text } of segmentsOf(facts)) {
    const bytes = encoder.encode(text)
    say({ say: 'segment', hash: sha256(bytes), bytes }, [bytes.buffer])
  }
  say({ say: 'segmented' })
}

import { createHash } from 'node:crypto'
import type { Estate, EstateScope } from '../../graph/estate/build.ts'
import type { KnownFacts, ScopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import type { Snapshot } from '../../graph/wire.ts'
import type { Head, ImportManifest, Store } from '../store/contract.ts'
import { saysNothing } from '../store/scope-facts.ts'
import type { KeptDecision } from '../../graph/answer/links.ts'
import type { KeptOverride } from '../../graph/answer/overrides.ts'
import type { Answering } from './answering.ts'
import type { SharedScope } from './estate-inputs.ts'
import { estateApart, estateHere, type EstatePlace } from './estate-place.ts'
import { readOverrides } from './kept-overrides.ts'
import { readDecisions } from './said.ts'
import { sampleImports } from './sample-mark.ts'
import { factsOfShared, shareSegments, type SharedSegments } from './shared-segments.ts'

export { snapshotOf } from './estate-inputs.ts'

/** Keeps the estate that is believed now in memory, and makes it anew when a head has moved. */
export interface Keeper {
  /** Where `answering` has it, it is built here first, which takes long: for what is rarely asked. */
  estate(): Estate
  /** The thread that holds the estate, where it is large; absent where it is held here. */
  readonly answering?: () => Answering | undefined
  snapshot(): Snapshot
  /** What a scope knows, as it was last loaded; undefined when it was never imported. */
  scope(id: ScopeId): KeptScope | undefined
  /** All of them; absent in a view of some. */
  readonly kept?: () => ReadonlyMap<ScopeId, KeptScope>
  /** What the estate is built from. */
  scopes(): readonly EstateScope[]
  /** What all scopes say, merged, without what the estate derives from it. */
  facts(): KnownFacts
  /** What people said of links, as the estate was made with. */
  decisions(): readonly KeptDecision[]
  /** The times that people set, as the estate was made with. */
  overrides(): readonly KeptOverride[]
  /** Looks at the heads and at what people said, and rebuilds if something moved. Several calls at once are one. */
  reload(): Promise<Snapshot>
  /**
   * Reloads once `change` is over, not after each head that it moves: an import of many scopes would make an estate of
   * the first of them before that of all.
   */
  afterAll<T>(change: () => Promise<T>): Promise<T>
  close(): void
}

export interface KeptScope {
  readonly head: Head
  readonly manifest: ImportManifest
  readonly segments: SharedSegments
  /** Read out of the segments when first asked for. */
  readonly facts: KnownFacts
}

export interface KeeperOptions {
  readonly store: Store
  readonly titleOf: (importer: string) => string
  readonly onChange?: (snapshot: Snapshot) => void
  readonly onError?: (error: unknown) => void
  /** Number of relationships from which on the estate lives in a thread of its own. Absent: never. */
  readonly apartFrom?: number | undefined
}

/** Loads all heads. Segments are verified against their hashes on the way; a damaged one stops the start. */
export async function openKeeper({ store, titleOf, onChange, onError, apartFrom }: KeeperOptions): Promise<Keeper> {
  const kept = new Map<ScopeId, KeptScope>()
  let decisions: readonly KeptDecision[] = []
  let overrides: readonly KeptOverride[] = []
  const factsOf = ({ scope }: SharedScope): KnownFacts => kept.get(scope)!.facts
  const nothing = { scopes: [], snapshot: { id: EMPTY, at: null, sample: false }, decisions, overrides }
  let place: EstatePlace = estateHere(nothing, factsOf)
  let loading: Promise<Snapshot> | undefined
  let again = false

  const load = async (): Promise<Snapshot> => {
    const heads = await store.heads()
    let moved = false
    for (const id of [...kept.keys()]) if (!heads.has(id)) moved = kept.delete(id)
    for (const [id, head] of heads) {
      if (kept.get(id)?.head.importId === head.importId) continue
      const manifest = await store.manifest(head.importId)
      if (!manifest) continue
      kept.set(id, keptScope(head, manifest, await shareSegments(store, head.importId)))
      moved = true
    }
    const said = await readDecisions(store)
    if (JSON.stringify(said) !== JSON.stringify(decisions)) moved = true
    decisions = said
    const set = await readOverrides(store)
    if (JSON.stringify(set) !== JSON.stringify(overrides)) moved = true
    overrides = set
    const marked = await sampleImports(store)
    const believed = new Map([...kept].filter(([, { manifest }]) => !saysNothing(manifest)))
    const sample = believed.size > 0 && [...believed.values()].every(({ head }) => marked.has(head.importId))
    // By name too: what moved in an attempt that failed further on is not seen as moved again.
    const id = snapshotId(believed, decisions, overrides)
    if (moved || id !== place.snapshot.id || sample !== place.snapshot.sample || place.answering?.isLost()) {
      moved = true
      const scopes = [...believed].map(([scope, one]) => sharedScope(scope, one, titleOf))
      const at = [...believed.values()].map(({ manifest }) => manifest.at).reduce((a, b) => (a > b ? a : b), '') || null
      const inputs = {
        scopes,
        snapshot: { id, at, sample },
        decisions,
        overrides,
      }
      const count = [...believed.values()].reduce((sum, { manifest }) => sum + manifest.counts.relationships, 0)
      const next = count >= (apartFrom ?? Infinity) ? await estateApart(inputs, lost) : estateHere(inputs, factsOf)
      place.answering?.retire()
      place = next
    }
    const { snapshot } = place
    if (moved) onChange?.(snapshot)
    return snapshot
  }
  const reload = (): Promise<Snapshot> => {
    if (loading) {
      again = true
      return loading
    }
    loading = (async () => {
      try {
        let snapshot = await load()
        while (again) {
          again = false
          snapshot = await load()
        }
        return snapshot
      } finally {
        loading = undefined
        again = false
      }
    })()
    return loading
  }
  let changes = 0
  let retry: NodeJS.Timeout | undefined
  let isClosed = false
  /** Nobody is told twice of what another server did: looks again until it succeeds. */
  const look = (): void => {
    clearTimeout(retry)
    retry = undefined
    // Whoever changes them looks when he has done.
    if (changes > 0) return
    reload().catch((error: unknown) => {
      onError?.(error)
      retry = setTimeout(look, RETRY_MS).unref()
    })
  }
  /** A thread that dies answering, most often for want of memory: its estate is built again. */
  const lost = (error: unknown): void => {
    onError?.(error)
    if (!isClosed && place.answering?.isLost()) look()
  }
  // Before the first load: what moves meanwhile is not missed.
  const watches = [store.watch(look), store.docs.watch?.(SAID, look)]
  const unwatch = (): void => {
    clearTimeout(retry)
    for (const stop of watches) stop?.()
  }
  try {
    await reload()
  } catch (error) {
    unwatch()
    throw error
  }
  return {
    estate: () => place.estate(),
    answering: () => place.answering,
    snapshot: () => place.snapshot,
    scope: (id) => kept.get(id),
    kept: () => kept,
    scopes: () =>
      [...kept]
        .filter(([, { manifest }]) => !saysNothing(manifest))
        .map(([scope, one]) => estateScope(scope, one, titleOf)),
    decisions: () => decisions,
    overrides: () => overrides,
    facts() {
      const merge = startMerge()
      for (const { facts } of kept.values()) merge.known(facts)
      return merge.finish()
    },
    reload,
    async afterAll(change) {
      changes++
      try {
        return await change()
      } finally {
        changes--
        await reload()
      }
    },
    close() {
      isClosed = true
      unwatch()
      place.answering?.retire()
    },
  }
}

const EMPTY = 'empty'
/** Kinds of documents that the estate is made with. */
const SAID = ['link', 'override', 'sample']
const RETRY_MS = 2_000

/** Names the state of all scopes and of what people said: the same gives the same id on every server. */
function snapshotId(
  kept: ReadonlyMap<ScopeId, KeptScope>,
  decisions: readonly KeptDecision[],
  overrides: readonly KeptOverride[],
): string {
  if (kept.size === 0) return EMPTY
  const heads = [...kept].map(([scope, { manifest }]) => `${scope} ${manifest.root}`).sort()
  const said = decisions.map(({ kind, from, to, decision }) => JSON.stringify([kind, from, to, decision])).sort()
  const set = overrides.map(({ who: _who, at: _at, note: _note, names: _names, ...one }) => JSON.stringify(one)).sort()
  return createHash('sha256')
    .update([...heads, ...said, ...set].join('\n'))
    .digest('hex')
    .slice(0, 12)
}

function keptScope(head: Head, manifest: ImportManifest, segments: SharedSegments): KeptScope {
  let facts: KnownFacts | undefined
  return {
    head,
    manifest,
    segments,
    get facts() {
      return (facts ??= factsOfShared(segments))
    },
  }
}

function sharedScope(scope: ScopeId, { manifest, segments }: KeptScope, titleOf: (id: string) => string): SharedScope {
  return {
    scope,
    title: manifest.scopeTitle,
    importer: manifest.importer,
    importerTitle: titleOf(manifest.importer),
    nature: manifest.nature,
    complete: manifest.complete,
    at: manifest.at,
    files: manifest.files.map(({ name }) => name),
    blindTo: manifest.coverage.blindTo,
    ...(manifest.coverage.loss && { loss: manifest.coverage.loss }),
    ...(manifest.coverage.days && { days: manifest.coverage.days }),
    segments,
  }
}

function estateScope(scope: ScopeId, one: KeptScope, titleOf: (id: string) => string): EstateScope {
  const { segments: _segments, ...about } = sharedScope(scope, one, titleOf)
  return { ...about, facts: one.facts }
}

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
import type { EstateInputs, SharedScope } from './estate-inputs.ts'
import { estateApart, estateFar, estateHere, type EstatePlace } from './estate-place.ts'
import { farScope, keptScope, type KeptScope } from './kept-scope.ts'
import type { RankingSoFar } from './tell-ranking.ts'
import { readOverrides } from './kept-overrides.ts'
import { readDecisions } from './said.ts'
import { sampleImports } from './sample-mark.ts'
import { shareSegments } from './shared-segments.ts'

export type { KeptScope } from './kept-scope.ts'
export { snapshotOf } from './estate-inputs.ts'

/** Keeps the estate that is believed now in memory, and makes it anew when a head has moved. */
export interface Keeper {
  /** Where `answering` has it, it is built here first, which takes long: for what is rarely asked. */
  estate(): Estate
  /** The thread that holds the estate, where it is large; absent where it is held here. */
  readonly answering?: () => Answering | undefined
  /** Nothing but heads is loaded, and `estate` throws. */
  readonly isFar?: () => boolean
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

export interface KeeperOptions {
  readonly store: Store
  readonly titleOf: (importer: string) => string
  readonly onChange?: (snapshot: Snapshot) => void
  readonly onError?: (error: unknown) => void
  /** How far the ranking of an estate that is being made anew is, where it lives in a thread of its own. */
  readonly onRanking?: (soFar: RankingSoFar) => void
  /** Number of relationships from which on the estate lives in a thread of its own. Absent: never. */
  readonly apartFrom?: number | undefined
  /** Number of relationships from which on nothing but heads is loaded: where it is open for imports alone. */
  readonly farFrom?: number | undefined
}

/** Loads all heads. Segments are verified against their hashes on the way; a damaged one stops the start. */
export async function openKeeper(options: KeeperOptions): Promise<Keeper> {
  const { store, titleOf, onChange, onError, onRanking, apartFrom, farFrom } = options
  const kept = new Map<ScopeId, KeptScope>()
  let isFar = false
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
    const newer: [ScopeId, Head, ImportManifest][] = []
    for (const [id, head] of heads) {
      if (kept.get(id)?.head.importId === head.importId) continue
      const manifest = await store.manifest(head.importId)
      if (manifest) newer.push([id, head, manifest])
    }
    isFar ||=
      relationshipsIn([...kept.values(), ...newer.map(([, , manifest]) => ({ manifest }))]) >= (farFrom ?? Infinity)
    for (const [id, head, manifest] of newer) {
      const scope = isFar
        ? farScope(store, head, manifest)
        : keptScope(head, manifest, await shareSegments(store, head.importId))
      kept.set(id, scope)
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
      const at = [...believed.values()].map(({ manifest }) => manifest.at).reduce((a, b) => (a > b ? a : b), '') || null
      const snapshot = { id, at, sample }
      const inputs = (): EstateInputs => {
        const scopes = [...believed].map(([scope, one]) => sharedScope(scope, one, titleOf))
        return { scopes, snapshot, decisions, overrides }
      }
      const next = isFar
        ? estateFar(snapshot, [...believed.values()])
        : relationshipsIn([...believed.values()]) >= (apartFrom ?? Infinity)
          ? await estateApart(inputs(), lost, onRanking)
          : estateHere(inputs(), factsOf)
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
    isFar: () => isFar,
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

const relationshipsIn = (scopes: readonly Pick<KeptScope, 'manifest'>[]): number =>
  scopes.reduce((sum, { manifest }) => sum + manifest.counts.relationships, 0)

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

import { setImmediate } from 'node:timers/promises'
import type { Estate, EstateScope } from '../../graph/estate/build.ts'
import type { KnownFacts, ScopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import type { Snapshot } from '../../graph/wire.ts'
import type { Head, ImportId, ImportManifest, Store } from '../store/contract.ts'
import { saysNothing } from '../store/scope-facts.ts'
import type { KeptDecision } from '../../graph/answer/links.ts'
import type { KeptOverride } from '../../graph/answer/overrides.ts'
import type { Answering } from './answering.ts'
import { aboutScope, EMPTY, estateScope, sharedScope, snapshotId } from './believed.ts'
import {
  isKept,
  openEstateFile,
  removeEstateFile,
  removeUnfinished,
  writeEstateFile,
  type EstateFile,
} from './estate-file.ts'
import { buildFrom, type EstateInputs, type SharedScope } from './estate-inputs.ts'
import { estateName } from './estate-name.ts'
import { estateApart, estateFar, estateHere, KEPT_FROM, type EstatePlace } from './estate-place.ts'
import { farScope, keptScope, type KeptScope } from './kept-scope.ts'
import type { RankingSoFar } from './tell-ranking.ts'
import { readOverrides } from './kept-overrides.ts'
import { readDecisions } from './said.ts'
import { sameFiles } from './same-files.ts'
import { sampleImports } from './sample-mark.ts'
import { laterSegments } from './shared-segments.ts'

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
  /** What the estate is built from; `only`: of these scopes, and no other is read for it. */
  scopes(only?: ReadonlySet<ScopeId>): readonly EstateScope[]
  /** What all scopes say, merged, without what the estate derives from it. */
  facts(): KnownFacts
  /** What people said of links, as the estate was made with. */
  decisions(): readonly KeptDecision[]
  /** The times that people set, as the estate was made with. */
  overrides(): readonly KeptOverride[]
  /**
   * The imports that a snapshot stands on; without one, those of all that are remembered. Undefined of one that is not
   * of late.
   */
  readonly importsOf?: (snapshot?: string) => readonly ImportId[] | undefined
  /** Looks at the heads and at what people said, and rebuilds if something moved. Several calls at once are one. */
  reload(): Promise<Snapshot>
  /**
   * Reloads once `change` is over, not after each head that it moves: an import of many scopes would make an estate of
   * the first of them before that of all.
   */
  afterAll<T>(change: () => Promise<T>): Promise<T>
  close(): void
}

/** Relationships as the sources say them, before they are joined. */
export interface AboutOpening {
  readonly relationships: number
  readonly sources: number
}

export interface KeeperOptions {
  readonly store: Store
  readonly titleOf: (importer: string) => string
  readonly onChange?: (snapshot: Snapshot) => void
  readonly onError?: (error: unknown) => void
  /** A large estate is about to be made or opened, which takes a while. */
  readonly onOpening?: (about: AboutOpening) => void
  /** How far the ranking of an estate that is being made anew is, where it lives in a thread of its own. */
  readonly onRanking?: (soFar: RankingSoFar) => void
  /** Number of relationships from which on the estate lives in a thread of its own. Absent: never. */
  readonly apartFrom?: number | undefined
  /** Number of relationships from which on nothing but heads is loaded: where it is open for imports alone. */
  readonly farFrom?: number | undefined
  /** Number of relationships from which on the estate is kept beside the store. */
  readonly keptFrom?: number | undefined
}

/**
 * Loads all heads. Segments are verified against their hashes on the way; a damaged one stops the start. Where the
 * estate of these heads is kept beside the store (estate-file.ts) and no thread answers, they are not read before
 * somebody asks for them.
 */
export async function openKeeper(options: KeeperOptions): Promise<Keeper> {
  const { store, titleOf, onChange, onError, onOpening, onRanking, apartFrom, farFrom, keptFrom = KEPT_FROM } = options
  const kept = new Map<ScopeId, KeptScope>()
  let isFar = false
  const standsOn = new Map<string, readonly ImportId[]>([[EMPTY, []]])
  let decisions: readonly KeptDecision[] = []
  let overrides: readonly KeptOverride[] = []
  const factsOf = ({ scope }: SharedScope): KnownFacts => kept.get(scope)!.facts
  const nothing = { scopes: [], snapshot: { id: EMPTY, at: null, sample: false }, decisions, overrides }
  let place: EstatePlace = estateHere(buildFrom(nothing))
  /** Built here: who only asked need not wait until it is written. */
  let unwritten: { readonly file: EstateFile; readonly estate: Estate } | undefined
  /** Nobody is answered before the first load is over; who imports into an empty store is. */
  let isOpening = true
  let loading: Promise<Snapshot> | undefined
  let again = false

  const load = async (): Promise<Snapshot> => {
    const heads = await store.heads()
    let moved = false
    for (const id of [...kept.keys()]) if (!heads.has(id)) moved = kept.delete(id)
    const newer: [ScopeId, Head, ImportManifest][] = []
    const filesOnce = sameFiles()
    for (const [id, head] of heads) {
      if (kept.get(id)?.head.importId === head.importId) continue
      const manifest = await store.manifest(head.importId)
      if (manifest) newer.push([id, head, { ...manifest, files: filesOnce(manifest.files) }])
      // Those of a large import name thousands of files each: others are answered in between.
      await setImmediate()
    }
    isFar ||=
      relationshipsIn([...kept.values(), ...newer.map(([, , manifest]) => ({ manifest }))]) >= (farFrom ?? Infinity)
    for (const [id, head, manifest] of newer) {
      const scope = isFar
        ? farScope(store, head, manifest)
        : keptScope(head, manifest, laterSegments(store, head.importId))
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
      const next = await placeOf(believed, { id, at, sample })
      place.answering?.retire()
      place = next
      standsOn.delete(id)
      standsOn.set(id, [...believed.values()].map(({ head }) => head.importId)) // prettier-ignore
      if (standsOn.size > SNAPSHOTS_REMEMBERED) standsOn.delete(standsOn.keys().next().value!)
    }
    const { snapshot } = place
    if (moved) onChange?.(snapshot)
    return snapshot
  }
  const placeOf = async (
    believed: ReadonlyMap<ScopeId, KeptScope>,
    snapshot: EstateInputs['snapshot'],
  ): Promise<EstatePlace> => {
    const count = relationshipsIn([...believed.values()])
    const file = fileFor(believed, snapshot, count)
    unwritten = undefined
    if (isFar) return estateFar(snapshot, [...believed.values()])
    const inputs = async (): Promise<EstateInputs> => {
      // Also of scopes that say nothing: whoever asks what is known finds them read.
      for (const scope of kept.values()) await scope.load()
      const scopes = [...believed].map(([scope, one]) => sharedScope(scope, one, titleOf))
      return { scopes, snapshot, decisions, overrides }
    }
    if (count >= (apartFrom ?? Infinity)) {
      onOpening?.({ relationships: count, sources: believed.size })
      return estateApart(inputs, file, lost, onRanking, isOpening)
    }
    const opened = file && openEstateFile(file, { lazily: true })
    if (opened && typeof opened !== 'string') return estateHere(opened)
    const built = buildFrom(await inputs(), factsOf)
    if (file) unwritten = { file, estate: built }
    return estateHere(built)
  }
  /** Where the estate of these may be kept. One of others is not left lying there. */
  const fileFor = (
    believed: ReadonlyMap<ScopeId, KeptScope>,
    snapshot: EstateInputs['snapshot'],
    count: number,
  ): EstateFile | undefined => {
    if (!store.beside) return undefined
    const path = store.beside.estate
    if (count < keptFrom) return void removeEstateFile(path)
    const scopes = [...believed].map(([scope, one]) => {
      const { files: _files, ...about } = aboutScope(scope, one, titleOf)
      return { ...about, importId: one.head.importId, root: one.manifest.root }
    })
    const file = { path, name: estateName({ scopes, snapshot, decisions, overrides }) }
    if (!isKept(file)) removeEstateFile(path)
    return file
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
  if (store.beside) removeUnfinished(store.beside.estate)
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
  } finally {
    isOpening = false
  }
  return {
    estate: () => place.estate(),
    answering: () => place.answering,
    isFar: () => isFar,
    snapshot: () => place.snapshot,
    scope: (id) => kept.get(id),
    kept: () => kept,
    scopes: (only) =>
      [...kept]
        .filter(([scope, { manifest }]) => !saysNothing(manifest) && (only?.has(scope) ?? true))
        .map(([scope, one]) => estateScope(scope, one, titleOf)),
    decisions: () => decisions,
    overrides: () => overrides,
    importsOf: (snapshot) => (snapshot === undefined ? [...standsOn.values()].flat() : standsOn.get(snapshot)),
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
      if (unwritten) writeEstateFile(unwritten.file, unwritten.estate)
      unwritten = undefined
      place.answering?.retire()
    },
  }
}

const relationshipsIn = (scopes: readonly Pick<KeptScope, 'manifest'>[]): number =>
  scopes.reduce((sum, { manifest }) => sum + manifest.counts.relationships, 0)

/** Kinds of documents that the estate is made with. */
const SAID = ['link', 'override', 'sample']
const RETRY_MS = 2_000
/** What is answered at one is written down at most a few imports later. */
const SNAPSHOTS_REMEMBERED = 16

import { createHash } from 'node:crypto'
import { buildEstate, type Estate, type EstateScope } from '../../graph/estate/build.ts'
import type { KnownFacts, ScopeId } from '../../graph/known.ts'
import { startMerge } from '../../graph/merge.ts'
import type { Snapshot } from '../../graph/wire.ts'
import type { Head, ImportManifest, Store } from '../store/contract.ts'
import { readScope } from '../store/scope-facts.ts'
import type { KeptDecision } from '../../graph/answer/links.ts'
import type { KeptOverride } from '../../graph/answer/overrides.ts'
import { readOverrides } from './kept-overrides.ts'
import { readDecisions } from './said.ts'
import { sampleImports } from './sample-mark.ts'

/** Keeps the estate that is believed now in memory, and makes it anew when a head has moved. */
export interface Keeper {
  estate(): Estate
  snapshot(): Snapshot
  /** What a scope knows, as it was last loaded; undefined when it was never imported. */
  scope(id: ScopeId): KeptScope | undefined
  /** What all scopes say, merged, without what the estate derives from it. */
  facts(): KnownFacts
  /** What people said of links, as the estate was made with. */
  decisions(): readonly KeptDecision[]
  /** The times that people set, as the estate was made with. */
  overrides(): readonly KeptOverride[]
  /** Looks at the heads and at what people said, and rebuilds if something moved. Several calls at once are one. */
  reload(): Promise<Snapshot>
  close(): void
}

export interface KeptScope {
  readonly head: Head
  readonly manifest: ImportManifest
  readonly facts: KnownFacts
}

export interface KeeperOptions {
  readonly store: Store
  readonly titleOf: (importer: string) => string
  readonly onChange?: (snapshot: Snapshot) => void
  readonly onError?: (error: unknown) => void
}

/** Loads all heads. Segments are verified against their hashes on the way; a damaged one stops the start. */
export async function openKeeper({ store, titleOf, onChange, onError }: KeeperOptions): Promise<Keeper> {
  const kept = new Map<ScopeId, KeptScope>()
  let decisions: readonly KeptDecision[] = []
  let overrides: readonly KeptOverride[] = []
  let estate = buildEstate([], { id: EMPTY, at: null, sample: false })
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
      kept.set(id, { head, manifest, facts: await readScope(store, head.importId) })
      moved = true
    }
    const said = await readDecisions(store)
    if (JSON.stringify(said) !== JSON.stringify(decisions)) moved = true
    decisions = said
    const set = await readOverrides(store)
    if (JSON.stringify(set) !== JSON.stringify(overrides)) moved = true
    overrides = set
    const marked = await sampleImports(store)
    const sample = kept.size > 0 && [...kept.values()].every(({ head }) => marked.has(head.importId))
    if (moved || sample !== estate.snapshot.sample) {
      moved = true
      estate = buildEstate(
        [...kept].map(([scope, one]) => estateScope(scope, one, titleOf)),
        {
          id: snapshotId(kept, decisions, overrides),
          at: [...kept.values()].map(({ manifest }) => manifest.at).reduce((a, b) => (a > b ? a : b), '') || null,
          sample,
        },
        { decisions, overrides },
      )
    }
    const snapshot = snapshotOf(estate)
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
  await reload()
  const unwatch = store.watch(() => {
    reload().catch((error: unknown) => onError?.(error))
  })
  return {
    estate: () => estate,
    snapshot: () => snapshotOf(estate),
    scope: (id) => kept.get(id),
    decisions: () => decisions,
    overrides: () => overrides,
    facts() {
      const merge = startMerge()
      for (const { facts } of kept.values()) merge.known(facts)
      return merge.finish()
    },
    reload,
    close: unwatch,
  }
}

const EMPTY = 'empty'

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

function snapshotOf(estate: Estate): Snapshot {
  return {
    ...estate.snapshot,
    entities: estate.entities.length,
    relationships: estate.relationships.length,
    sources: estate.sources.length,
  }
}

function estateScope(scope: ScopeId, { manifest, facts }: KeptScope, titleOf: (id: string) => string): EstateScope {
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
    facts,
  }
}

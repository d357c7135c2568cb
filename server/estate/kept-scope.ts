import type { KnownFacts } from '../../graph/known.ts'
import type { Head, ImportManifest, Store } from '../store/contract.ts'
import { readScope } from '../store/scope-facts.ts'
import { factsOfShared, type LaterSegments, type SharedSegments } from './shared-segments.ts'

export interface KeptScope {
  readonly head: Head
  readonly manifest: ImportManifest
  readonly segments: SharedSegments
  /** Read out of the segments when first asked for. */
  readonly facts: KnownFacts
  /** The same, wherever it lies. */
  known(): Promise<KnownFacts>
  segment(bucket: number): Promise<Uint8Array>
  /** Segments are in memory from then on. Throws `CorruptSegment`. */
  load(): Promise<void>
}

/** A scope whose segments are in memory, or come there when somebody asks for them. */
export function keptScope(head: Head, manifest: ImportManifest, later: LaterSegments): KeptScope {
  let facts: KnownFacts | undefined
  const factsNow = (): KnownFacts => (facts ??= factsOfShared(later.now()))
  return {
    head,
    manifest,
    get segments() {
      return later.now()
    },
    load: () => later.load(),
    get facts() {
      return factsNow()
    },
    known: async () => factsNow(),
    async segment(bucket) {
      const segments = later.now()
      const start = segments.ends[bucket - 1] ?? 0
      return Buffer.from(segments.bytes, start, segments.ends[bucket]! - start)
    },
  }
}

/** A scope of which nothing but its head is in memory: for an import, which asks for little of it. */
export function farScope(store: Store, head: Head, manifest: ImportManifest): KeptScope {
  const notHere = (): never => {
    throw new Error(`${manifest.scope} was not loaded: this estate is open for an import alone`)
  }
  return {
    head,
    manifest,
    get segments() {
      return notHere()
    },
    get facts() {
      return notHere()
    },
    load: async () => {},
    known: () => readScope(store, head.importId),
    async segment(bucket) {
      for await (const { bytes } of store.readSegments(head.importId, [bucket])) return bytes
      return notHere()
    },
  }
}

import type { Loss } from '../../graph/facts.ts'
import type { DayRange } from '../../graph/log-days.ts'
import type { Nature, ScopeId } from '../../graph/known.ts'

/**
 * What a store promises (security-reliability.md 2). Two keep it, `embedded/` and `neo4j/`, under one suite
 * (test/store/contract.ts). No method takes or returns a query, none holds a transaction across an `await` of the
 * caller, every method has a deadline, and all of them throw only a `StoreError` (errors.ts).
 *
 * Where this differs from the design page, and why:
 * - `Staging.keep` beside `put`: a segment that is already stored (the 255 buckets that did not change, and all of an
 *   undo) need not travel again.
 * - `commit` takes no root: the store makes it from the 256 hashes it was given, so that nobody can be wrong about it.
 * - Bytes are uncompressed on both sides: the codec is the store's own affair, the hash is over what the caller sees.
 * - `manifest(id)`: an answer names the imports it stands on.
 * - `backup` belongs to the embedded store's folder; Neo4j has its own (`neo4j-admin database dump`).
 */
export interface Store {
  readonly kind: 'embedded' | 'neo4j' | 'memory'
  /** The import that is believed, for each scope. */
  heads(): Promise<ReadonlyMap<ScopeId, Head>>
  /** Begins an import that is visible to nobody until it is committed. `bytes`: about how many will be put. */
  stage(draft: ImportDraft, bytes?: number): Promise<Staging>
  /** `undefined`: never was, or was pruned. */
  manifest(id: ImportId): Promise<ImportManifest | undefined>
  /** Segments in order of bucket, each verified against its hash. Throws `CorruptSegment`. */
  readSegments(id: ImportId, buckets?: readonly number[]): AsyncIterable<SegmentBytes>
  /**
   * All segments of an import, verified, one after the other in memory that threads can share, where that is done
   * beside this thread; undefined where it is not. Throws `CorruptSegment`.
   */
  readonly readWhole?: (id: ImportId) => Promise<WholeImport | undefined>
  /** Absent where what is made of the heads may not lie beside them in clear, or where they lie elsewhere. */
  readonly beside?: Beside
  /** Newest first. */
  imports(scope: ScopeId, page?: Page): Promise<readonly ImportManifest[]>
  /**
   * Forgets imports beyond the policy; never a head, never a pinned one. In small steps: others are answered, and
   * import, in between.
   */
  prune(policy: RetentionPolicy): Promise<PruneReport>
  /** Set where the store is sealed: keys that lie in it, under the same wrap, instead of in files. */
  readonly sealed?: SealedKeys
  readonly docs: DocStore
  readonly audit: AuditStore
  /** Calls back after heads changed here or in another server. */
  watch(onHeads: (changed: readonly ScopeId[]) => void): () => void
  health(): Promise<StoreHealth>
  /** Reads everything and compares every hash. No finding: all is well. */
  verify(): AsyncIterable<Finding>
  close(): Promise<void>
}

/** 32 bytes each. */
export interface SealedKeys {
  readonly fingerprint: Uint8Array
  readonly audit: Uint8Array
}

export interface Beside {
  /** Path of a file for the estate that the heads make, as open to others as they are: to its owner alone. */
  readonly estate: string
  /** What `readWhole` gives, in this thread and at once; undefined for an import that is not stored. */
  readNow(id: ImportId): WholeImport | undefined
}

export type ImportId = string
/** How many imports a scope has seen; 0 before the first. */
export type Generation = number
/** SHA-256, 64 lower-case hex digits. */
export type Sha256 = string

export interface Head {
  readonly importId: ImportId
  readonly generation: Generation
  readonly seq: number
}

export interface ImportedFile {
  readonly name: string
  readonly sha256: Sha256
  readonly bytes: number
}

/** `read = mapped + merged + skipped`. */
export interface ImportCounts {
  readonly entities: number
  readonly relationships: number
  readonly read: number
  readonly mapped: number
  readonly merged: number
  readonly skipped: number
}

/** What an importer says of one import, before the store gives it a place. */
export interface ImportDraft {
  readonly scope: ScopeId
  /** "AWS account 123456789012". */
  readonly scopeTitle: string
  readonly importer: string
  readonly importerVersion: string
  readonly nature: Nature
  /** The export proved that it listed the whole scope. */
  readonly complete: boolean
  readonly files: readonly ImportedFile[]
  /** Wall time, ISO 8601 UTC. Shown, never compared: order is `seq`. */
  readonly at: string
  readonly counts: ImportCounts
  /** What was listed, and whether to the end; what the importer knows it cannot see. Plain JSON. */
  readonly coverage: Coverage
  /** What it was read of, where that was one file whose bytes tell all: the same again need not be read (same-again). */
  readonly reading?:
    { readonly key: Sha256; /** What was said of the file, as JSON. */ readonly file: string } | undefined
  /** Set by an undo: the import whose content this one is again. */
  readonly restores?: ImportId
}

export interface Coverage {
  readonly blindTo: readonly string[]
  /** What could not be read of it; absent in imports of older versions. */
  readonly loss?: Loss
  /** Of a log: days on which it has an event; absent in imports of older versions. */
  readonly days?: readonly DayRange[]
  readonly listed: readonly { readonly what: string; readonly finished: boolean }[]
}

export interface ImportManifest extends ImportDraft {
  readonly id: ImportId
  /** From the store, rising over all scopes. Gaps mean nothing. */
  readonly seq: number
  readonly generation: Generation
  /** Hash of each of the 256 segments. */
  readonly segments: readonly Sha256[]
  /** SHA-256 over the 256 hashes: two imports with one root say the same. */
  readonly root: Sha256
}

export interface SegmentBytes {
  readonly bucket: number
  readonly hash: Sha256
  readonly bytes: Uint8Array
}

export interface WholeImport {
  readonly bytes: SharedArrayBuffer
  /** Where each segment ends, by bucket. */
  readonly ends: readonly number[]
}

export interface Staging {
  readonly id: ImportId
  /** Stores one segment in its own small transaction. Saying the same again does no harm. */
  put(bucket: number, hash: Sha256, bytes: Uint8Array): Promise<void>
  /** Uses a segment of an import that is stored. */
  keep(bucket: number, hash: Sha256): Promise<void>
  /**
   * Makes the import the head in one transaction and resolves when that is on disk. Throws `ScopeMoved` unless the
   * scope is at `expected` (0: never imported), and then everything staged is forgotten.
   */
  commit(expected: Generation): Promise<Committed>
  abort(): Promise<void>
}

export interface Committed {
  readonly changed: true
  readonly manifest: ImportManifest
  readonly head: Head
}

export interface Page {
  /** Only imports with a lower `seq`. */
  readonly before?: number
  readonly limit?: number
}

export interface RetentionPolicy {
  /** An import stays while it is among this many newest of its scope … */
  readonly keep: number
  /** … or is younger than this, against `now`. */
  readonly days: number
  readonly now: string
  /** Referred to by plans and reports. */
  readonly pinned?: readonly ImportId[]
  /** And so is everything up to this place in the order of the store. */
  readonly pinnedUpTo?: number
  /** Tells what would go, and nothing goes. */
  readonly dryRun?: boolean
  /** Nobody else waits for the store: what is free goes back to the disk, also where that takes long. */
  readonly compact?: boolean
}
export interface PruneReport {
  /** What goes, by the order of the store. */
  readonly imports: readonly ImportId[]
  /** Segments that no other import has, and the bytes that they take in the store. */
  readonly segments: number
  readonly bytes: number
  readonly scopes: readonly PrunedScope[]
}
/** What becomes of the imports of one scope. Each is counted once. */
export interface PrunedScope {
  readonly scope: ScopeId
  readonly gone: number
  /** `at` of the first and the last that goes; null where none does. */
  readonly from: string | null
  readonly to: string | null
  /** Among the newest that are kept. */
  readonly newest: number
  /** Beyond those, and young enough. */
  readonly young: number
  /** Beyond both, and kept because somebody refers to it, or because it is believed. */
  readonly referred: number
}

export interface Doc {
  readonly id: string
  readonly version: number
  readonly bytes: Uint8Array
}
export interface DocStore {
  get(kind: string, id: string): Promise<Doc | undefined>
  /** `expectedVersion` 0: it must not exist. Resolves to the new version; throws `VersionConflict`. */
  put(kind: string, id: string, expectedVersion: number, bytes: Uint8Array): Promise<number>
  remove(kind: string, id: string, expectedVersion: number): Promise<void>
  list(kind: string): Promise<readonly { readonly id: string; readonly version: number }[]>
  /**
   * Calls back after documents of these kinds changed, here or in another server, with those of them that did. Absent
   * where no other server can be on the same store.
   */
  readonly watch?: (kinds: readonly string[], onChange: (changed: readonly string[]) => void) => () => void
}

export interface AuditLine {
  readonly seq: number
  readonly body: string
}
/** Append-only; each chain counts from 1 without a gap. What a line says, and its key, are `server/audit`'s affair. */
export interface AuditStore {
  /** Resolves when the line is on disk. Throws `VersionConflict` unless `seq` is the next of its chain. */
  append(chain: string, seq: number, body: string): Promise<void>
  /** Several lines, the first of them as `seq`, all or none: where that costs one wait for the disk. */
  appendAll?(chain: string, seq: number, bodies: readonly string[]): Promise<void>
  /** Oldest first. Throws `CorruptSegment` at the first line that is missing or not what was stored. */
  read(chain: string, after: number, limit: number): Promise<readonly AuditLine[]>
  /** Seq of the last line; 0 where there is none. */
  last(chain: string): Promise<number>
  chains(): Promise<readonly string[]>
}

export interface StoreHealth {
  readonly ready: boolean
  readonly words: string
  /** Neo4j only: is the labelled graph what the heads say? */
  readonly projected?: boolean
  /** And if not: imports that it does not show yet, and the part of its present way that is done (0 to 1). */
  readonly behind?: number
  readonly part?: number
}

export interface Finding {
  readonly what: 'segment' | 'import' | 'scope' | 'document' | 'audit' | 'file'
  readonly id: string
  readonly words: string
}

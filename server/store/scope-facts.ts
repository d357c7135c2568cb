import { setImmediate } from 'node:timers/promises'
import type { KnownFacts } from '../../graph/known.ts'
import { CorruptFacts, segmentsOf, startReading } from '../../graph/segments.ts'
import type { Committed, Generation, ImportDraft, ImportId, ImportManifest, Sha256, Store } from './contract.ts'
import { StoreError } from './errors.ts'
import { checkOf, rootOf, sha256 } from './hashing.ts'

export type Written = { readonly changed: false; readonly importId: ImportId } | Committed

/** Segments handed to the store side by side: so many, or as few as hold so many bytes together. */
const AT_ONCE = 64
const BYTES_AT_ONCE = 4 << 20

export interface HashedSegment {
  readonly hash: Sha256
  readonly bytes: Uint8Array
}

export type Segments = readonly HashedSegment[] | Iterable<HashedSegment> | AsyncIterable<HashedSegment>

/**
 * Makes `facts` what is believed of the draft's scope. The same facts as the head, which stand on as much, are no new
 * import (`changed: false`). Only segments that differ travel. Throws `ScopeMoved` unless the scope is at `expected`
 * (0: never imported), and whatever else a store throws; then nothing has changed.
 */
export async function writeScope(
  store: Store,
  draft: ImportDraft,
  facts: KnownFacts,
  expected: Generation,
): Promise<Written> {
  return writeHashed(store, draft, [...hashed(facts)], expected)
}

function* hashed(facts: KnownFacts): Generator<HashedSegment> {
  for (const { text } of segmentsOf(facts)) {
    const bytes = Buffer.from(text)
    yield { hash: sha256(bytes), bytes }
  }
}

/**
 * The same with the 256 segments that the facts were cut into, of which a few are held at a time.
 * `evenIfHeld`: what the head says already is an import too, of a later moment.
 */
export async function writeHashed(
  store: Store,
  draft: ImportDraft,
  segments: Segments,
  expected: Generation,
  evenIfHeld = false,
): Promise<Written> {
  const head = (await store.heads()).get(draft.scope)
  const generation = head?.generation ?? 0
  if (generation !== expected)
    throw new StoreError('ScopeMoved', `${draft.scope} is at generation ${generation}, not ${expected}.`)
  const before = head && (await store.manifest(head.importId))
  const isHeld = (hashes: readonly Sha256[]): boolean =>
    !evenIfHeld && before !== undefined && before.root === rootOf(hashes) && standsOnTheSame(before, draft)
  if (Array.isArray(segments) && isHeld(segments.map(({ hash }) => hash)))
    return { changed: false, importId: before!.id }
  const staging = await store.stage(draft, bytesAbout(draft, segments))
  try {
    const hashes: Sha256[] = []
    const store = ({ hash, bytes }: HashedSegment, bucket: number): Promise<void> =>
      before?.segments[bucket] === hash ? staging.keep(bucket, hash) : staging.put(bucket, hash, bytes)
    for await (const group of grouped(segments)) {
      const first = hashes.length
      hashes.push(...group.map(({ hash }) => hash))
      await Promise.all(group.map((segment, i) => store(segment, first + i)))
    }
    if (isHeld(hashes)) {
      await staging.abort()
      return { changed: false, importId: before!.id }
    }
    return await staging.commit(expected)
  } catch (error) {
    await staging.abort()
    throw error
  }
}

/**
 * Does `before` say as much of the same facts as `after`? They mean less where more was lost on the way to them or where
 * the importer is known to be blind to more, something else where a log spoke on other days, and more where a listing
 * turned out to be whole. A part that repeats what a whole listing said takes nothing from that.
 */
export function standsOnTheSame(before: StandsOn, after: StandsOn): boolean {
  return checkOf(worth(before)) === checkOf(worth(after)) && (before.complete || !after.complete)
}

type StandsOn = Pick<ImportDraft, 'complete' | 'coverage'>

const worth = ({ coverage: { blindTo, loss, days } }: StandsOn): unknown => [
  blindTo,
  loss ? [loss.files, loss.records] : null,
  days ?? null,
]

/** Bytes of a fact, as many of them have. */
const FACT_BYTES = 200

/** What comes from another thread is of a large import. */
function bytesAbout({ counts }: ImportDraft, segments: Segments): number {
  return Symbol.asyncIterator in segments ? Infinity : (counts.entities + counts.relationships) * FACT_BYTES
}

/** At least two: while one is packed another is written. */
async function* grouped(segments: Segments): AsyncGenerator<readonly HashedSegment[]> {
  let group: HashedSegment[] = []
  let bytes = 0
  for await (const segment of segments) {
    group.push(segment)
    bytes += segment.bytes.length
    // A large scope takes seconds: others are answered in between.
    if (segment.bytes.length > 10_000) await setImmediate()
    if (group.length < AT_ONCE && (group.length < 2 || bytes <= BYTES_AT_ONCE)) continue
    yield group
    group = []
    bytes = 0
  }
  if (group.length > 0) yield group
}

/** What one import says. Throws `CorruptSegment`, also for one that was pruned. */
export async function readScope(store: Store, id: ImportId): Promise<KnownFacts> {
  const reader = startReading()
  try {
    for await (const { bucket, bytes } of store.readSegments(id)) reader.read({ bucket, text: textOf(bytes) })
  } catch (error) {
    if (!(error instanceof CorruptFacts)) throw error
    throw new StoreError('CorruptSegment', `Import ${id}: ${error.message}.`)
  }
  return reader.facts()
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/**
 * Makes an earlier import of a scope what is believed again, as a new import: history only grows. Throws `ScopeMoved`;
 * `CorruptSegment` when the import was pruned.
 */
export async function restoreImport(store: Store, id: ImportId, expected: Generation, at: string): Promise<Committed> {
  const earlier = await store.manifest(id)
  if (!earlier) throw new StoreError('CorruptSegment', `Import ${id} is not stored: it was pruned, or never was.`)
  const staging = await store.stage({ ...draftOf(earlier), at, restores: id })
  try {
    for (const [bucket, hash] of earlier.segments.entries()) await staging.keep(bucket, hash)
    return await staging.commit(expected)
  } catch (error) {
    await staging.abort()
    throw error
  }
}

/**
 * Makes a scope one of which nothing is known, not even that it was looked at: an import of no file stands for that.
 * `id` is the scope's head. Throws `ScopeMoved`.
 */
export async function forgetScope(store: Store, id: ImportId, expected: Generation): Promise<void> {
  const head = await store.manifest(id)
  if (!head) throw new StoreError('CorruptSegment', `Import ${id} is not stored.`)
  const nothing: ImportDraft = {
    ...draftOf(head),
    complete: false,
    files: [],
    counts: { entities: 0, relationships: 0, read: 0, mapped: 0, merged: 0, skipped: 0 },
    coverage: { blindTo: [], listed: [] },
  }
  await writeScope(store, nothing, { entities: new Map(), relationships: new Map() }, expected)
}

/** Is this what `forgetScope` writes? Such a scope is no source of anything. */
export function saysNothing({ files, counts }: Pick<ImportManifest, 'files' | 'counts'>): boolean {
  return files.length === 0 && counts.entities === 0 && counts.relationships === 0
}

/** What an importer once said, without the place the store gave it. */
function draftOf(manifest: ImportManifest): ImportDraft {
  const { scope, scopeTitle, importer, importerVersion, nature, complete, files, at, counts, coverage } = manifest
  return { scope, scopeTitle, importer, importerVersion, nature, complete, files, at, counts, coverage }
}

import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { SEGMENTS } from '../../graph/segments.ts'
import type { ImportDraft, ImportId, ImportManifest, SegmentBytes, Sha256, Staging, Store } from '../store/contract.ts'
import { StoreError } from '../store/errors.ts'
import { damaged, packed, rootOf, sha256 } from '../store/hashing.ts'
import type { Cipher } from './cipher.ts'

/** Kind of the document that says, sealed, what an import is: the import itself shows only when it was made. */
const KIND = 'seal-import'
const DAY_MS = 86_400_000
const Said = z.object({
  draft: z.unknown(),
  segments: z.array(z.string()).length(SEGMENTS),
  saidAt: z.optional(z.string()),
})

interface Said {
  readonly draft: ImportDraft
  /** Hashes of the plain segments, by bucket; those of the sealed ones are in the import itself. */
  readonly segments: readonly Sha256[]
  /** When this was written, which an undo does long after `draft.at`; absent in those of older versions. */
  readonly saidAt?: string
}

export interface SealedImports {
  stage(draft: ImportDraft, bytes?: number): Promise<Staging>
  /** An import as it was said; `inner`: as the store has it. */
  manifestOf(inner: ImportManifest): Promise<ImportManifest>
  opened(inner: ImportManifest, buckets: readonly number[] | undefined): AsyncGenerator<SegmentBytes>
  forget(ids: readonly ImportId[]): Promise<void>
  /** Documents of imports that never came about: older than a day, so that none in the making is touched. */
  sweep(now: number): Promise<void>
}

export function sealedImports(store: Store, cipher: Cipher): SealedImports {
  const known = new Map<ImportId, Said>()

  async function saidOf(id: ImportId): Promise<Said> {
    const held = known.get(id)
    if (held) return held
    const doc = await store.docs.get(KIND, id)
    const plain = doc && cipher.open(`import ${id}`, doc.bytes)
    if (!plain) throw new StoreError('CorruptSegment', `The record of import ${id} is not what was stored.`)
    const said = Said.parse(JSON.parse(plain.toString())) as Said
    known.set(id, said)
    return said
  }
  const manifestOf = async (inner: ImportManifest): Promise<ImportManifest> => {
    const { draft, segments } = await saidOf(inner.id)
    const { id, seq, generation } = inner
    return { ...draft, id, seq, generation, segments, root: rootOf(segments) }
  }

  async function stage(draft: ImportDraft, bytes?: number): Promise<Staging> {
    const inner = await store.stage(shownOf(draft, cipher), bytes)
    const plain = new Map<number, Sha256>()
    /** Plain to sealed, of this import and, when something is kept, of the earlier ones of its scope. */
    const sealedAs = new Map<Sha256, Sha256>()
    let earlier: Promise<void> | undefined
    const readEarlier = async (): Promise<void> => {
      for (const one of await store.imports(cipher.nameOf('scope', draft.scope), { limit: 1_000 })) {
        const { segments } = await saidOf(one.id)
        for (const [bucket, hash] of segments.entries()) sealedAs.set(hash, one.segments[bucket]!)
      }
    }
    const place = async (bucket: number, hash: Sha256, sealed: Sha256): Promise<void> => {
      await inner.keep(bucket, sealed)
      plain.set(bucket, hash)
    }
    return {
      id: inner.id,
      async put(bucket, hash, bytes) {
        if (sha256(bytes) !== hash) throw damaged(bucket, hash)
        const before = sealedAs.get(hash)
        if (before !== undefined) return place(bucket, hash, before)
        const sealed = cipher.seal(rowOf(hash), await packed(bytes))
        const name = sha256(sealed)
        await inner.put(bucket, name, sealed)
        sealedAs.set(hash, name)
        plain.set(bucket, hash)
      },
      async keep(bucket, hash) {
        if (!sealedAs.has(hash)) await (earlier ??= readEarlier())
        const sealed = sealedAs.get(hash)
        if (sealed === undefined) throw new StoreError('CorruptSegment', `Segment ${bucket} is not stored.`)
        await place(bucket, hash, sealed)
      },
      async commit(expected) {
        const segments = Array.from({ length: SEGMENTS }, (_, bucket) => plain.get(bucket) ?? '')
        const missing = segments.indexOf('')
        if (missing >= 0) throw new Error(`import ${inner.id} has no segment ${missing}: put all ${SEGMENTS}`)
        const text = Buffer.from(JSON.stringify({ draft, segments, saidAt: new Date().toISOString() }))
        await store.docs.put(KIND, inner.id, 0, cipher.seal(`import ${inner.id}`, text))
        try {
          const committed = await inner.commit(expected)
          return { ...committed, manifest: await manifestOf(committed.manifest) }
        } catch (error) {
          await forget([inner.id]).catch(() => undefined)
          throw error
        }
      },
      abort: () => inner.abort(),
    }
  }

  async function forget(ids: readonly ImportId[]): Promise<void> {
    for (const id of ids) {
      known.delete(id)
      const doc = await store.docs.get(KIND, id)
      if (doc) await store.docs.remove(KIND, id, doc.version)
    }
  }

  return {
    stage,
    manifestOf,
    async *opened(inner, buckets) {
      const { segments } = await saidOf(inner.id)
      for await (const { bucket, bytes } of store.readSegments(inner.id, buckets)) {
        const hash = segments[bucket]!
        const plain = cipher.open(rowOf(hash), bytes)
        if (!plain) throw damaged(bucket, hash)
        const whole = gunzipSync(plain)
        if (sha256(whole) !== hash) throw damaged(bucket, hash)
        yield { bucket, hash, bytes: whole }
      }
    },
    forget,
    async sweep(now) {
      for (const { id } of await store.docs.list(KIND)) {
        if (await store.manifest(id)) continue
        const said = await saidOf(id).catch(() => undefined)
        if (said && now - Date.parse(said.saidAt ?? said.draft.at) > DAY_MS) await forget([id])
      }
    },
  }
}

/** A sealed segment belongs to what it says, not to a place: the empty one is one for all buckets. */
function rowOf(hash: Sha256): string {
  return `segment ${hash}`
}

/** What anybody may read of an import: that there is one, of which unnamed scope, and when it was made. */
function shownOf({ scope, nature, at }: ImportDraft, cipher: Cipher): ImportDraft {
  return {
    scope: cipher.nameOf('scope', scope),
    scopeTitle: 'sealed',
    importer: 'sealed',
    importerVersion: '',
    nature,
    complete: false,
    files: [],
    at,
    counts: { entities: 0, relationships: 0, read: 0, mapped: 0, merged: 0, skipped: 0 },
    coverage: { blindTo: [], listed: [] },
  }
}

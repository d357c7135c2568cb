import { SEGMENTS } from '../../../graph/segments.ts'
import type { Committed, ImportDraft, ImportId, ImportManifest, Sha256, Staging } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { checkOf, CODEC, damaged, newImportId, packed, rootOf, sha256 } from '../hashing.ts'
import { toBolt, wholeNumber, type Bolt, type Row } from './bolt.ts'

/** Bytes go to the server as they come; the flip makes them an import (cypher/store/flip.cypher). */
export function stageImport(
  bolt: Bolt,
  draft: ImportDraft,
  told: { readonly staged: () => void; readonly committed: (manifest: ImportManifest) => void },
): Staging {
  const id = newImportId()
  const staged = new Map<number, Sha256>()
  /** Asked for in this staging already: the empty segment is one for all buckets that hold nothing. */
  const asked = new Map<Sha256, Promise<void>>()
  const together = putTogether(bolt)
  let over = false
  const ready = (bucket: number): void => {
    if (over) throw new Error(`import ${id} is over: stage a new one`)
    if (!(bucket >= 0 && bucket < SEGMENTS)) throw new Error(`no bucket ${bucket}`)
    told.staged()
  }
  return {
    id,
    put: async (bucket, hash, bytes) => {
      ready(bucket)
      if (sha256(bytes) !== hash) throw damaged(bucket, hash)
      let stored = asked.get(hash)
      if (!stored) {
        asked.set(hash, (stored = together(hash, bytes)))
        // Awaited below, by whoever asked.
        stored.catch(() => asked.delete(hash))
      }
      await stored
      staged.set(bucket, hash)
    },
    keep: async (bucket, hash) => {
      ready(bucket)
      if (!asked.has(hash)) {
        const [rows] = await bolt.write([['store/touch-segment', { hash }]])
        if (rows!.length === 0) throw new StoreError('CorruptSegment', `Segment ${bucket} is not stored.`)
        asked.set(hash, Promise.resolve())
      }
      staged.set(bucket, hash)
    },
    commit: async (expected) => {
      ready(0)
      over = true
      failpoint('before-flip')
      const result = await flip(bolt, id, draft, staged, expected)
      failpoint('after-flip')
      told.staged()
      told.committed(result.manifest)
      return result
    },
    abort: async () => {
      over = true
    },
  }
}

/** Bytes of one transaction that stores segments: small ones go together, a large one alone. */
const TOGETHER_BYTES = 1 << 20

interface Waiting {
  readonly hash: Sha256
  readonly bytes: Uint8Array
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Stores what is put while an earlier transaction is on its way in one transaction after it: a scope of a few hundred
 * facts has as many segments as one of a million, and a transaction costs more than what is in them.
 */
function putTogether(bolt: Bolt): (hash: Sha256, bytes: Uint8Array) => Promise<void> {
  const waiting: Waiting[] = []
  let isSending = false
  const batch = (): Waiting[] => {
    let size = 0
    const fits = waiting.findIndex(({ bytes }) => (size += bytes.length) > TOGETHER_BYTES)
    return waiting.splice(0, fits < 0 ? waiting.length : Math.max(1, fits))
  }
  const sendAll = async (): Promise<void> => {
    isSending = true
    // What is put in the same turn goes too.
    await Promise.resolve()
    while (waiting.length) {
      const some = batch()
      try {
        const rows = await Promise.all(some.map(async ({ hash, bytes }) => ({ hash, bytes: await boltBytes(bytes) })))
        failpoint('before-put')
        await bolt.write([['store/put-segments', { segments: rows, codec: CODEC }]])
        failpoint('after-put')
        for (const { done } of some) done()
      } catch (error) {
        for (const { failed } of some) failed(error)
      }
    }
    isSending = false
  }
  return (hash, bytes) =>
    new Promise((done, failed) => {
      waiting.push({ hash, bytes, done, failed })
      if (!isSending) void sendAll()
    })
}

const boltBytes = async (bytes: Uint8Array): Promise<Int8Array> => toBolt(await packed(bytes))

async function flip(
  bolt: Bolt,
  id: ImportId,
  draft: ImportDraft,
  staged: ReadonlyMap<number, Sha256>,
  expected: number,
): Promise<Committed> {
  const segments = Array.from({ length: SEGMENTS }, (_, bucket) => staged.get(bucket) ?? '')
  const missing = segments.indexOf('')
  if (missing >= 0) throw new Error(`import ${id} has no segment ${missing}: put all ${SEGMENTS}`)
  const [root, hashes, text] = [rootOf(segments), [...new Set(segments)], JSON.stringify(draft)]
  const seq = await flipped(
    bolt,
    id,
    draft.scope,
    [
      ['store/lock-scope', { scope: draft.scope }],
      ['store/lock-sequence'],
      ['store/touch-segments', { hashes }],
      [
        'store/flip',
        {
          scope: draft.scope,
          expected: wholeNumber(expected),
          id,
          manifest: text,
          sum: checkOf(id, draft.scope, expected + 1, text),
          segments,
          root,
        },
      ],
    ],
    hashes.length,
  )
  const generation = expected + 1
  const manifest: ImportManifest = { ...draft, id, seq, generation, segments, root }
  return { changed: true, manifest, head: { importId: id, generation, seq } }
}

/** A commit whose answer got lost is tried again, and then finds its own import in the way: that is success. */
async function flipped(
  bolt: Bolt,
  id: ImportId,
  scope: string,
  steps: Parameters<Bolt['write']>[0],
  distinct: number,
): Promise<number> {
  try {
    const rows = await bolt.write(steps, ([, , touched, flip]) => {
      if (touched![0]!['found'] !== distinct)
        throw new StoreError('CorruptSegment', 'A staged segment is gone: the import took too long. Start it again.')
      if (flip!.length === 0) throw new StoreError('ScopeMoved', `${scope} was imported meanwhile.`)
    })
    return Number(rows[3]![0]!['seq'])
  } catch (error) {
    const own = (await bolt.read('store/read-import', { id }).catch(() => []))[0]
    if (own) return Number(own['seq'])
    throw error
  }
}

/** An import as its row says, or `CorruptSegment`. */
export function manifestOf(row: Row): ImportManifest {
  const [id, scope, generation, text] = [row['id'], row['scope'], row['generation'], row['manifest']]
  if (row['sum'] !== checkOf(id, scope, generation, text))
    throw new StoreError('CorruptSegment', `The record of import ${String(id)} is not what was stored.`)
  const draft = JSON.parse(String(text)) as ImportDraft
  const segments = row['segments'] as readonly Sha256[]
  const root = String(row['root'])
  if (rootOf(segments) !== root)
    throw new StoreError('CorruptSegment', `The segments of import ${String(id)} are not those that were stored.`)
  return { ...draft, id: String(id), seq: Number(row['seq']), generation: Number(generation), segments, root }
}

export async function readImport(bolt: Bolt, id: ImportId): Promise<ImportManifest | undefined> {
  const [row] = await bolt.read('store/read-import', { id })
  return row && manifestOf(row)
}

/** Of manifests, which name their files: half a megabyte each where there are many. */
const PAGE = 20

/** All imports, oldest first, a page at a time: all at once they may be larger than what they are about. */
export async function* eachImport(bolt: Bolt): AsyncGenerator<ImportManifest> {
  for (let after = 0; ;) {
    const rows = await bolt.read('store/all-imports', { after: wholeNumber(after), limit: wholeNumber(PAGE) })
    const page = rows.map(manifestOf)
    yield* page
    if (page.length < PAGE) return
    after = page.at(-1)!.seq
  }
}

export async function readAllImports(bolt: Bolt): Promise<readonly ImportManifest[]> {
  const all: ImportManifest[] = []
  for await (const one of eachImport(bolt)) all.push(one)
  return all
}

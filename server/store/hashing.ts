import { createHash, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gunzipSync, gzip } from 'node:zlib'
import { canonical } from '../../graph/canonical.ts'
import { SEGMENTS } from '../../graph/segments.ts'
import type { ImportId, SegmentBytes, Sha256 } from './contract.ts'
import { StoreError } from './errors.ts'

/** How stored bytes were made of a segment. One for now; a sealed one comes beside it. */
export const CODEC = 'gzip'
/** No segment is larger: a five-million-fact scope has some 10 MB in each. Bounds what a damaged length can ask for. */
const SEGMENT_LIMIT = 1 << 30

const gzipAsync = promisify(gzip)
const gunzipAsync = promisify(gunzip)

export function sha256(bytes: Uint8Array | string): Sha256 {
  return createHash('sha256').update(bytes).digest('hex')
}

/** SHA-256 over the 256 hashes, as bytes, in order. */
export function rootOf(segments: readonly Sha256[]): Sha256 {
  if (segments.length !== SEGMENTS) throw new Error(`an import has ${SEGMENTS} segments, not ${segments.length}`)
  return sha256(Buffer.from(segments.join(''), 'hex'))
}

/** Guards a row: what stands beside it must hash to it. Finds rot, not malice; against that stand seal and audit. */
export function checkOf(...columns: readonly unknown[]): Sha256 {
  return sha256(canonical(columns))
}

/** In the thread pool: level 1 packs facts ten to one, and more costs more time than it saves room. */
export async function packed(bytes: Uint8Array): Promise<Buffer> {
  return gzipAsync(bytes, { level: 1 })
}

/** From so many packed bytes on a trip to the thread pool is worth its time: some 0.1 ms. */
const APART_FROM_BYTES = 32 << 10

/** The bytes of a segment, or `CorruptSegment` when they are not those that were stored. */
export async function unpacked(bucket: number, hash: Sha256, codec: unknown, bytes: Uint8Array): Promise<SegmentBytes> {
  if (bytes.length < APART_FROM_BYTES) return unpackedNow(bucket, hash, codec, bytes)
  if (codec !== CODEC) throw damaged(bucket, hash)
  const plain = await gunzipAsync(bytes, unpacking).catch(() => undefined)
  return verified(bucket, hash, plain)
}

/** The same at once, in a thread that may wait. */
export function unpackedNow(bucket: number, hash: Sha256, codec: unknown, bytes: Uint8Array): SegmentBytes {
  if (codec !== CODEC) throw damaged(bucket, hash)
  let plain: Buffer | undefined
  try {
    plain = gunzipSync(bytes, unpacking)
  } catch {
    plain = undefined
  }
  return verified(bucket, hash, plain)
}

const unpacking = { maxOutputLength: SEGMENT_LIMIT }

function verified(bucket: number, hash: Sha256, plain: Buffer | undefined): SegmentBytes {
  if (!plain || sha256(plain) !== hash) throw damaged(bucket, hash)
  return { bucket, hash, bytes: plain }
}

export function damaged(bucket: number, hash: Sha256): StoreError {
  return new StoreError('CorruptSegment', `Segment ${bucket} (${hash.slice(0, 12)}…) is not what was stored.`)
}

/** A scope of a few facts has most of its segments empty: nothing has to be looked up to know what they say. */
export const EMPTY_SEGMENT: Sha256 = sha256('')

/** A name nobody has to agree on before it exists. */
export function newImportId(): ImportId {
  return randomBytes(10).toString('hex')
}

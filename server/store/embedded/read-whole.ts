import type { Sha256, WholeImport } from '../contract.ts'
import { damaged, EMPTY_SEGMENT, unpackedNow } from '../hashing.ts'
import type { Database } from '../sqlite-driver.ts'
import { storedSegment } from './imports.ts'

const NO_BYTES = new Uint8Array(0)

/**
 * All segments of an import at once, each verified against its hash, in memory that threads can share: for a thread
 * that may wait. Throws `CorruptSegment`.
 */
export function readWholeNow(database: Database, hashes: readonly Sha256[]): WholeImport {
  const ends: number[] = []
  let length = 0
  const segments = hashes.map((hash, bucket) => {
    const bytes = hash === EMPTY_SEGMENT ? NO_BYTES : segmentNow(database, hash, bucket)
    ends.push((length += bytes.length))
    return bytes
  })
  const memory = new SharedArrayBuffer(length)
  const all = new Uint8Array(memory)
  for (const [bucket, bytes] of segments.entries()) all.set(bytes, ends[bucket]! - bytes.length)
  return { bytes: memory, ends }
}

function segmentNow(database: Database, hash: Sha256, bucket: number): Uint8Array {
  const stored = storedSegment(database, hash)
  if (!stored) throw damaged(bucket, hash)
  return unpackedNow(bucket, hash, stored.codec, stored.bytes).bytes
}

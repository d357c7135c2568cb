import type { ImportManifest, SegmentBytes, Sha256 } from '../contract.ts'
import { damaged, unpacked } from '../hashing.ts'
import { fromBolt, type Bolt } from './bolt.ts'

type Place = readonly [bucket: number, hash: Sha256]

/** Segments, verified, in the order of `places`; each hash travels once. Throws `CorruptSegment`. */
export async function segmentsAt(bolt: Bolt, places: readonly Place[]): Promise<readonly SegmentBytes[]> {
  const hashes = [...new Set(places.map(([, hash]) => hash))]
  const rows = hashes.length ? await bolt.read('store/read-segments', { hashes }) : []
  const found = new Map(rows.map((row) => [String(row['hash']), row] as const))
  return Promise.all(
    places.map(([bucket, hash]) => {
      const row = found.get(hash)
      if (!row) throw damaged(bucket, hash)
      return unpacked(bucket, hash, row['codec'], fromBolt(row['bytes']))
    }),
  )
}

/** One segment, verified. Throws `CorruptSegment`. */
export async function readSegment(bolt: Bolt, bucket: number, hash: Sha256): Promise<SegmentBytes> {
  return (await segmentsAt(bolt, [[bucket, hash]]))[0]!
}

/** The first are asked for to see how large they are; then as many as are about so large together. */
const FIRST = 8
const BYTES_TOGETHER = 8 << 20

/** Asks for a group while the one before is used: hides the way, and bounds what is held. */
export async function* readSegments(
  bolt: Bolt,
  manifest: ImportManifest,
  buckets: readonly number[],
): AsyncGenerator<SegmentBytes> {
  const groupOf = (start: number, count: number): Promise<readonly SegmentBytes[]> => {
    const places = buckets.slice(start, start + count).map((bucket): Place => [bucket, manifest.segments[bucket]!])
    const asked = segmentsAt(bolt, places)
    // Awaited below, in order; until then a failure is nobody's surprise.
    asked.catch(() => {})
    return asked
  }
  let coming = groupOf(0, FIRST)
  for (let start = 0, count = FIRST; start < buckets.length;) {
    const group = await coming
    start += count
    const bytes = group.reduce((sum, segment) => sum + segment.bytes.length, 0)
    count = Math.max(1, Math.floor((BYTES_TOGETHER * group.length) / (bytes + 1)))
    coming = groupOf(start, count)
    yield* group
  }
}

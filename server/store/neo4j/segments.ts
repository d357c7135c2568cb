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

/** Asked for together, and one such group ahead of the one that is used: hides the way, and bounds what is held. */
const TOGETHER = 16

export async function* readSegments(
  bolt: Bolt,
  manifest: ImportManifest,
  buckets: readonly number[],
): AsyncGenerator<SegmentBytes> {
  const groupAt = (start: number): Promise<readonly SegmentBytes[]> => {
    const places = buckets.slice(start, start + TOGETHER).map((bucket): Place => [bucket, manifest.segments[bucket]!])
    const asked = segmentsAt(bolt, places)
    // Awaited below, in order; until then a failure is nobody's surprise.
    asked.catch(() => {})
    return asked
  }
  let coming = groupAt(0)
  for (let start = 0; start < buckets.length; start += TOGETHER) {
    const group = await coming
    coming = groupAt(start + TOGETHER)
    yield* group
  }
}

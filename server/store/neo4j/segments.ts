import type { ImportManifest, SegmentBytes, Sha256 } from '../contract.ts'
import { damaged, unpacked } from '../hashing.ts'
import { fromBolt, type Bolt } from './bolt.ts'

/** One segment, verified. Throws `CorruptSegment`. */
export async function readSegment(bolt: Bolt, bucket: number, hash: Sha256): Promise<SegmentBytes> {
  const [row] = await bolt.read('store/read-segment', { hash })
  if (!row) throw damaged(bucket, hash)
  return unpacked(bucket, hash, row['codec'], fromBolt(row['bytes']))
}

/** Segments asked for ahead of the one that is used: hides the way to the server, and bounds what is held. */
const AHEAD = 8

export async function* readSegments(
  bolt: Bolt,
  manifest: ImportManifest,
  buckets: readonly number[],
): AsyncGenerator<SegmentBytes> {
  const waiting: Promise<SegmentBytes>[] = []
  let next = 0
  const ask = (): void => {
    if (next >= buckets.length) return
    const bucket = buckets[next++]!
    const asked = readSegment(bolt, bucket, manifest.segments[bucket]!)
    // Awaited below, in order; until then a failure is nobody's surprise.
    asked.catch(() => {})
    waiting.push(asked)
  }
  for (let i = 0; i < AHEAD; i++) ask()
  for (let asked = waiting.shift(); asked; asked = waiting.shift()) {
    ask()
    yield await asked
  }
}

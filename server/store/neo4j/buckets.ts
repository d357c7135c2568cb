import type { KnownFacts } from '../../../graph/known.ts'
import { startMerge } from '../../../graph/merge.ts'
import { factsOf } from '../../../graph/segments.ts'
import type { ImportManifest, SegmentBytes } from '../contract.ts'
import type { Bolt } from './bolt.ts'
import { segmentsAt } from './segments.ts'

/**
 * One bucket of the estate that several imports make together: of one alone as it says it, else merged. `part`: without
 * looking at the other one. Throws `CorruptSegment`, `StoreUnavailable`.
 */
export async function bucketOfEstate(
  bolt: Bolt,
  bucket: number,
  imports: readonly ImportManifest[],
  part?: keyof KnownFacts,
): Promise<KnownFacts> {
  // Two scopes of the same words are still two who say them, but one segment to read.
  const hashes = [...new Set(imports.map(({ segments }) => segments[bucket]!))]
  const read = await segmentsAt(
    bolt,
    hashes.map((hash) => [bucket, hash]),
  )
  const facts = new Map(read.map((segment) => [segment.hash, factsIn(segment, part)] as const))
  const said = imports.map(({ segments }) => facts.get(segments[bucket]!)!)
  const spoken = said.filter(({ entities, relationships }) => entities.size + relationships.size > 0)
  if (spoken.length === 1) return spoken[0]!
  const merge = startMerge()
  for (const facts of spoken) merge.known(facts)
  return merge.finish()
}

function factsIn({ bucket, bytes }: SegmentBytes, part: keyof KnownFacts | undefined): KnownFacts {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return factsOf([{ bucket, text: part === undefined ? text : partOf(text, part) }])
}

/** Things come first in a segment, relationships after them, and no line has an end inside. */
function partOf(text: string, part: keyof KnownFacts): string {
  const relationship = '{"r":'
  const lineEnd = text.startsWith(relationship) ? -1 : text.indexOf(`\n${relationship}`)
  const isWithout = lineEnd < 0 && !text.startsWith(relationship)
  const cut = isWithout ? text.length : lineEnd + 1
  return part === 'entities' ? text.slice(0, cut) : text.slice(cut)
}

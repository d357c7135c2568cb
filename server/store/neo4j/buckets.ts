import type { KnownFacts } from '../../../graph/known.ts'
import { startMerge } from '../../../graph/merge.ts'
import { factsOf } from '../../../graph/segments.ts'
import type { ImportManifest, Sha256 } from '../contract.ts'
import type { Bolt } from './bolt.ts'
import { readSegment } from './segments.ts'

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
  // Two scopes of the same words are still two who say them.
  const read = new Map<Sha256, Promise<KnownFacts>>()
  const said: KnownFacts[] = []
  for (const { segments } of imports) {
    const hash = segments[bucket]!
    let facts = read.get(hash)
    if (!facts) read.set(hash, (facts = segmentFacts(bolt, bucket, hash, part)))
    said.push(await facts)
  }
  const spoken = said.filter(({ entities, relationships }) => entities.size + relationships.size > 0)
  if (spoken.length === 1) return spoken[0]!
  const merge = startMerge()
  for (const facts of spoken) merge.known(facts)
  return merge.finish()
}

async function segmentFacts(
  bolt: Bolt,
  bucket: number,
  hash: Sha256,
  part: keyof KnownFacts | undefined,
): Promise<KnownFacts> {
  const { bytes } = await readSegment(bolt, bucket, hash)
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

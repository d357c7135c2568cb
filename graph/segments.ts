import { canonical } from './canonical.ts'
import { isEntityKind } from './kinds/entity-kinds.ts'
import { relationshipKinds } from './kinds/relationship-kinds.ts'
import type { KnownEntity, KnownFacts, KnownRelationship } from './known.ts'

/** Number of segments an import is cut into. A constant of the format: changing it changes every root. */
export const SEGMENTS = 256

/**
 * The text of one segment, each line ending in a newline: `{"e":…}` entities first, then `{"r":…}` relationships, each
 * sorted by id, each line in canonical form. The same facts are the same text, so their hashes can be compared.
 */
export interface Segment {
  readonly bucket: number
  readonly text: string
}

/** A segment that does not say what a segment must. Its hash may be right: then it was written wrongly. */
export class CorruptFacts extends Error {
  readonly bucket: number
  readonly line: number

  constructor(bucket: number, line: number, rule: string) {
    super(`segment ${bucket}, line ${line}: ${rule}`)
    this.name = 'CorruptFacts'
    this.bucket = bucket
    this.line = line
  }
}

/** Bucket of an id, 0 to 255: FNV-1a over its characters, folded to eight bits. */
export function bucketOf(id: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  hash ^= hash >>> 16
  return (hash ^ (hash >>> 8)) & 0xff
}

/** All 256 segments in order, each made when it is asked for, so that a caller can let others run in between. */
export function* segmentsOf(facts: KnownFacts): Generator<Segment> {
  const entities = byBucket(facts.entities.values())
  const relationships = byBucket(facts.relationships.values())
  for (let bucket = 0; bucket < SEGMENTS; bucket++) {
    const lines: string[] = []
    for (const e of entities[bucket]!) lines.push(`{"e":${canonical(e)}}\n`)
    for (const r of relationships[bucket]!) lines.push(`{"r":${canonical(r)}}\n`)
    yield { bucket, text: lines.join('') }
  }
}

function byBucket<T extends { readonly id: string }>(all: Iterable<T>): readonly T[][] {
  const buckets: T[][] = Array.from({ length: SEGMENTS }, () => [])
  for (const one of all) buckets[bucketOf(one.id)]!.push(one)
  for (const bucket of buckets) bucket.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return buckets
}

/** Takes segments in any order and gives what they say. */
export interface FactsReader {
  /** Throws {@link CorruptFacts} for anything that `segmentsOf` would not have written. */
  read(segment: Segment): void
  facts(): KnownFacts
}

export function startReading(): FactsReader {
  const entities = new Map<string, KnownEntity>()
  const relationships = new Map<string, KnownRelationship>()
  return {
    read: (segment) => readSegment(segment, entities, relationships),
    facts: () => ({ entities, relationships }),
  }
}

/** What the segments say. Throws {@link CorruptFacts}. */
export function factsOf(segments: Iterable<Segment>): KnownFacts {
  const reader = startReading()
  for (const segment of segments) reader.read(segment)
  return reader.facts()
}

function readSegment(
  { bucket, text }: Segment,
  entities: Map<string, KnownEntity>,
  relationships: Map<string, KnownRelationship>,
): void {
  let number = 0
  let last = ''
  for (let start = 0; start < text.length;) {
    number++
    const end = text.indexOf('\n', start)
    if (end < 0) throw new CorruptFacts(bucket, number, 'the last line has no end')
    const line = lineOf(text.slice(start, end), bucket, number)
    const place = 'e' in line ? `e${line.e.id}` : `r${line.r.id}`
    if (place <= last) throw new CorruptFacts(bucket, number, 'lines are not sorted, or one stands twice')
    last = place
    if ('e' in line) entities.set(line.e.id, line.e)
    else relationships.set(line.r.id, line.r)
    start = end + 1
  }
}

type Line = { readonly e: KnownEntity } | { readonly r: KnownRelationship }

function lineOf(text: string, bucket: number, number: number): Line {
  const wrong = (rule: string): CorruptFacts => new CorruptFacts(bucket, number, rule)
  const isEntity = text.startsWith('{"e":')
  if (!isEntity && !text.startsWith('{"r":')) throw wrong('is neither an entity nor a relationship')
  const fact = parsed(text)?.[isEntity ? 'e' : 'r']
  if (typeof fact !== 'object' || fact === null) throw wrong('is not JSON')
  const record = fact as Record<string, unknown>
  const id = record['id']
  if (typeof id !== 'string' || id === '') throw wrong('has no id')
  if (bucketOf(id) !== bucket) throw wrong('belongs to another segment')
  const texts = isEntity ? (['key', 'kind', 'name'] as const) : (['kind', 'from', 'to'] as const)
  for (const name of texts) if (typeof record[name] !== 'string') throw wrong(`has no ${name}`)
  const kind = record['kind'] as string
  if (!(isEntity ? isEntityKind(kind) : Object.hasOwn(relationshipKinds, kind))) throw wrong('is of an unknown kind')
  return (isEntity ? { e: fact } : { r: fact }) as Line
}

/** Without the parser's message, which quotes the text. */
function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

import { delta, type Delta } from '../../../graph/delta.ts'
import type { KnownFacts } from '../../../graph/known.ts'
import { startMerge } from '../../../graph/merge.ts'
import { factsOf, SEGMENTS } from '../../../graph/segments.ts'
import type { ImportId, ImportManifest, Sha256 } from '../contract.ts'
import { failpoint } from '../failpoint.ts'
import { TooManyRows, wholeNumber, type Bolt, type Step } from './bolt.ts'
import { readImport } from './imports.ts'
import { newEntities, newRelationships, workOf, type Work } from './projected-rows.ts'
import { readSegment } from './segments.ts'

const BATCH_ROWS = 5_000
const SMALLEST_BATCH = 100

/** Another server moved the projection on: look again where it is. */
class Overtaken extends Error {}

interface Position {
  readonly base: string
  readonly target: string | undefined
  readonly next: number
  /** Rows of bucket `next` that are through. */
  readonly done: number
  readonly rebuild: boolean
  /** Set out from nothing: things are created in a first pass over the buckets, relationships in a second. */
  readonly isNew: boolean
}

/**
 * Brings the labelled graph from the imports it shows to those that are believed, bucket by bucket: facts of one id lie
 * in one bucket of every scope, so a bucket of the estate is the merge of that bucket of all heads, and what several
 * scopes know is one node that goes when the last of them has forgotten it (docs/decisions, "neo4j-projection"). From
 * nothing, everything is created: first all things, then all relationships.
 * Resolves when it has arrived. Stopped at any moment, it goes on from there.
 */
export async function project(bolt: Bolt, isStopped: () => boolean): Promise<void> {
  for (let limit = BATCH_ROWS; !isStopped();) {
    try {
      if (await projectOnce(bolt, limit, isStopped)) return
    } catch (error) {
      if (error instanceof TooManyRows && limit > SMALLEST_BATCH) limit = Math.ceil(limit / 2)
      else if (!(error instanceof Overtaken)) throw error
    }
  }
}

/** True: the labelled graph shows the heads. */
async function projectOnce(bolt: Bolt, limit: number, isStopped: () => boolean): Promise<boolean> {
  const position = await readPosition(bolt)
  if (position.rebuild) {
    await clear(bolt, isStopped)
    return false
  }
  if (position.target === undefined) {
    const heads = (await bolt.read('store/heads')).map((row) => String(row['head'])).sort()
    const target = JSON.stringify(heads)
    if (position.base !== target) {
      await step(bolt, ['projection/begin', { base: position.base, target }])
      return false
    }
    const [rows] = await bolt.write([['projection/whole', { base: target, heads }]])
    return rows!.length > 0
  }
  await advance(bolt, { ...position, target: position.target }, limit, isStopped)
  return false
}

async function readPosition(bolt: Bolt): Promise<Position> {
  const [row] = (await bolt.write([['projection/read']]))[0]!
  const { base, target, next, done, rebuild, way } = row as Record<string, unknown>
  return {
    base: String(base),
    target: target === null ? undefined : String(target),
    next: Number(next),
    done: Number(done),
    rebuild: rebuild === true,
    isNew: way === 'new',
  }
}

/** Imports that the projection is between: they must not be pruned. */
export async function importsInProjection(bolt: Bolt): Promise<readonly ImportId[]> {
  const { base, target } = await readPosition(bolt)
  return [...(JSON.parse(base) as ImportId[]), ...(JSON.parse(target ?? '[]') as ImportId[])]
}

async function step(bolt: Bolt, ...steps: Step[]): Promise<void> {
  await bolt.write([['projection/lock'], ...steps], (rows) => {
    if (rows.at(-1)!.length === 0) throw new Overtaken()
  })
}

/**
 * Buckets that fit into one transaction together go together; a larger one goes alone, in parts. Where the projection
 * stands moves in the transaction of the rows, so each row is done once, also after a kill. What comes next is read
 * and merged while Neo4j works on what went before.
 */
async function advance(
  bolt: Bolt,
  { base, target, next, done, isNew }: Position & { readonly target: string },
  limit: number,
  isStopped: () => boolean,
): Promise<void> {
  const [from, to] = [await manifests(bolt, base), await manifests(bolt, target)]
  if (!from || !to) return startAnew(bolt)
  const end = isNew ? 2 * SEGMENTS : SEGMENTS
  const workAt = async (at: number): Promise<readonly Work[]> => {
    const bucket = at % SEGMENTS
    if (hashesOf(from, bucket) === hashesOf(to, bucket)) return []
    const found = await bucketDelta(bolt, bucket, from, to)
    return isNew ? (at < SEGMENTS ? newEntities(found) : newRelationships(found)) : workOf(found)
  }
  let start = next
  let pending: readonly Work[] = []
  let applying = Promise.resolve()
  const flush = async (to: number): Promise<void> => {
    await applying
    if (to > start) applying = apply(bolt, pending, { target, from: start, done: 0, to, toDone: 0 })
    // Awaited before the next, and at the end.
    applying.catch(() => {})
    start = to
    pending = []
  }
  try {
    for (let at = next; at < end; at++) {
      if (isStopped()) return
      const work = await workAt(at)
      const through = at === next ? done : 0
      if (through === 0 && pending.length + work.length <= limit) {
        pending = [...pending, ...work]
        continue
      }
      await flush(at)
      if (through === 0 && work.length <= limit) pending = work
      else {
        await applying
        await inParts(bolt, work, target, at, through, limit)
        start = at + 1
      }
    }
    await flush(end)
  } finally {
    await applying
  }
  await step(bolt, ['projection/finish', { target, end: wholeNumber(end) }])
}

async function inParts(
  bolt: Bolt,
  work: readonly Work[],
  target: string,
  bucket: number,
  through: number,
  limit: number,
): Promise<void> {
  for (let done = through; ; done += limit) {
    const isLast = done + limit >= work.length
    const stand = { target, from: bucket, done }
    const then = isLast ? { to: bucket + 1, toDone: 0 } : { to: bucket, toDone: done + limit }
    await apply(bolt, work.slice(done, done + limit), { ...stand, ...then })
    if (isLast) return
  }
}

interface Move {
  readonly target: string
  readonly from: number
  readonly done: number
  readonly to: number
  readonly toDone: number
}

async function apply(bolt: Bolt, work: readonly Work[], { target, from, done, to, toDone }: Move): Promise<void> {
  const steps: Step[] = []
  for (const statement of inOrder) {
    const rows = work.filter((one) => one.statement === statement).map(({ row }) => row)
    if (rows.length) steps.push([statement, { rows }])
  }
  failpoint('before-projection-batch')
  await step(bolt, ...steps, [
    'projection/advance',
    {
      target,
      from: wholeNumber(from),
      done: wholeNumber(done),
      to: wholeNumber(to),
      toDone: wholeNumber(toDone),
    },
  ])
  failpoint('after-projection-batch')
}

/** Of several buckets at once too: what goes, goes first. */
const inOrder = [
  'retire-relationships',
  'retire-entities',
  'apply-entities',
  'create-entities',
  'apply-relationships',
  'retire-unseen',
] as const satisfies readonly Work['statement'][]

/** `undefined` when one was pruned: then nobody knows any more what the labelled graph shows. */
async function manifests(bolt: Bolt, heads: string): Promise<readonly ImportManifest[] | undefined> {
  const read = await Promise.all((JSON.parse(heads) as ImportId[]).map((id) => readImport(bolt, id)))
  return read.every((manifest) => manifest !== undefined) ? (read as readonly ImportManifest[]) : undefined
}

function hashesOf(imports: readonly ImportManifest[], bucket: number): string {
  return imports
    .map(({ segments }) => segments[bucket]!)
    .sort()
    .join()
}

async function bucketDelta(
  bolt: Bolt,
  bucket: number,
  from: readonly ImportManifest[],
  to: readonly ImportManifest[],
): Promise<Delta> {
  const read = new Map<Sha256, Promise<KnownFacts>>()
  const factsAt = (hash: Sha256): Promise<KnownFacts> => {
    let facts = read.get(hash)
    if (!facts) read.set(hash, (facts = segmentFacts(bolt, bucket, hash)))
    return facts
  }
  const estate = async (imports: readonly ImportManifest[]): Promise<KnownFacts> => {
    const merge = startMerge()
    for (const { segments } of imports) merge.known(await factsAt(segments[bucket]!))
    return merge.finish()
  }
  return delta(await estate(from), await estate(to))
}

async function segmentFacts(bolt: Bolt, bucket: number, hash: Sha256): Promise<KnownFacts> {
  const { bytes } = await readSegment(bolt, bucket, hash)
  return factsOf([{ bucket, text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') }])
}

const CLEARED_AT_ONCE = 2_000

/** Makes the labelled graph anew from the heads. */
export async function startAnew(bolt: Bolt): Promise<void> {
  await bolt.write([['projection/reset']])
}

async function clear(bolt: Bolt, isStopped: () => boolean): Promise<void> {
  for (let limit = CLEARED_AT_ONCE; !isStopped();) {
    try {
      const [rows] = await bolt.write([['projection/clear', { limit: wholeNumber(limit) }]])
      if (Number(rows![0]!['removed']) < limit) break
    } catch (error) {
      if (!(error instanceof TooManyRows) || limit === 1) throw error
      limit = Math.ceil(limit / 2)
    }
  }
  if (!isStopped()) await bolt.write([['projection/cleared']])
}

import { delta, type Delta } from '../../../graph/delta.ts'
import type { KnownFacts } from '../../../graph/known.ts'
import { startMerge } from '../../../graph/merge.ts'
import { factsOf, SEGMENTS } from '../../../graph/segments.ts'
import type { ImportId, ImportManifest, Sha256 } from '../contract.ts'
import { StoreError } from '../errors.ts'
import { failpoint } from '../failpoint.ts'
import { TooManyRows, wholeNumber, type Bolt, type Step } from './bolt.ts'
import { readImport } from './imports.ts'
import { projectedRows, type ProjectedRows } from './projected-rows.ts'
import { readSegment } from './segments.ts'

const BATCH_ROWS = 5_000
const SMALLEST_BATCH = 100

/** Another server moved the projection on: look again where it is. */
class Overtaken extends Error {}

interface Position {
  readonly base: string
  readonly target: string | undefined
  readonly next: number
  readonly rebuild: boolean
}

/**
 * Brings the labelled graph from the imports it shows to those that are believed, bucket by bucket: facts of one id lie
 * in one bucket of every scope, so a bucket of the estate is the merge of that bucket of all heads, and what several
 * scopes know is one node that goes when the last of them has forgotten it (docs/decisions, "neo4j-projection").
 * Resolves when it has arrived. Stopped at any moment, it goes on from there.
 */
export async function project(bolt: Bolt, isStopped: () => boolean): Promise<void> {
  while (!isStopped()) {
    try {
      if (await projectOnce(bolt, isStopped)) return
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
    }
  }
}

/** True: the labelled graph shows the heads. */
async function projectOnce(bolt: Bolt, isStopped: () => boolean): Promise<boolean> {
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
  await advance(bolt, position.base, position.target, position.next, isStopped)
  return false
}

async function readPosition(bolt: Bolt): Promise<Position> {
  const [row] = (await bolt.write([['projection/read']]))[0]!
  const { base, target, next, rebuild } = row as Record<string, unknown>
  return {
    base: String(base),
    target: target === null ? undefined : String(target),
    next: Number(next),
    rebuild: rebuild === true,
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

async function advance(
  bolt: Bolt,
  base: string,
  target: string,
  next: number,
  isStopped: () => boolean,
): Promise<void> {
  const [from, to] = [await manifests(bolt, base), await manifests(bolt, target)]
  if (!from || !to) return startAnew(bolt)
  let batch = startBatch(next)
  for (let bucket = next; bucket < SEGMENTS; bucket++) {
    if (isStopped()) return
    if (hashesOf(from, bucket) !== hashesOf(to, bucket)) batch.add(await bucketDelta(bolt, bucket, from, to))
    const isLast = bucket === SEGMENTS - 1
    if (batch.size() >= BATCH_ROWS || isLast) {
      await apply(bolt, batch, target, bucket + 1, BATCH_ROWS)
      batch = startBatch(bucket + 1)
    }
  }
  await step(bolt, ['projection/finish', { target }])
}

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

interface Batch {
  /** Bucket at which the transaction expects the projection to be. */
  readonly from: number
  readonly rows: ProjectedRows[]
  add(change: Delta): void
  size(): number
}

function startBatch(from: number): Batch {
  const rows: ProjectedRows[] = []
  let size = 0
  return {
    from,
    rows,
    add: (change) => {
      const more = projectedRows(change)
      rows.push(more)
      for (const list of Object.values(more) as unknown[][]) size += list.length
    },
    size: () => size,
  }
}

/** Each of these statements may be run again with no other effect, and they stand in the order in which they run. */
const passes = [
  ['retire-relationships', (rows: ProjectedRows) => rows.retireRelationships],
  ['retire-entities', (rows: ProjectedRows) => rows.retireEntities],
  ['apply-entities', (rows: ProjectedRows) => rows.applyEntities],
  ['apply-relationships', (rows: ProjectedRows) => rows.applyRelationships],
] as const

/**
 * One batch in as few transactions as its size allows; only the last moves the position, so a restart in between does
 * the batch again. Where the server has too little memory the parts are halved.
 */
async function apply(bolt: Bolt, batch: Batch, target: string, to: number, limit: number): Promise<void> {
  try {
    let steps: Step[] = []
    let room = limit
    const flush = async (): Promise<void> => {
      if (steps.length)
        await step(bolt, ...steps, [
          'projection/advance',
          { target, from: wholeNumber(batch.from), to: wholeNumber(batch.from) },
        ])
      steps = []
      room = limit
    }
    const retired: string[] = []
    for (const [name, pick] of passes) {
      const rows = batch.rows.flatMap<{ id: string }>((each) => [...pick(each)])
      for (let at = 0; at < rows.length;) {
        const part = rows.slice(at, at + room)
        steps.push([name, { rows: part }])
        at += part.length
        room -= part.length
        if (room === 0) await flush()
      }
    }
    for (const rows of batch.rows) {
      for (const { id } of rows.retireEntities) retired.push(id)
      for (const { from, to } of rows.retireRelationships) retired.push(from, to)
    }
    for (let at = 0; at < retired.length; at += limit) {
      if (retired.length > limit) await flush()
      steps.push(['retire-unseen', { ids: [...new Set(retired.slice(at, at + limit))] }])
    }
    failpoint('before-projection-batch')
    await step(bolt, ...steps, ['projection/advance', { target, from: wholeNumber(batch.from), to: wholeNumber(to) }])
    failpoint('after-projection-batch')
  } catch (error) {
    if (!(error instanceof TooManyRows)) throw error
    const half = Math.floor(limit / 2)
    if (half < SMALLEST_BATCH)
      throw new StoreError('StoreUnavailable', `Neo4j has too little memory for ${limit} rows: give it more heap.`)
    await apply(bolt, batch, target, to, half)
  }
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

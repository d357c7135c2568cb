import { setTimeout as pause } from 'node:timers/promises'
import { delta } from '../../../graph/delta.ts'
import { SEGMENTS } from '../../../graph/segments.ts'
import type { ImportId, ImportManifest } from '../contract.ts'
import { failpoint } from '../failpoint.ts'
import { TooManyRows, wholeNumber, type Bolt, type Step } from './bolt.ts'
import { bucketOfEstate } from './buckets.ts'
import { readImport } from './imports.ts'
import { newEntities, newRelationships, workOf, type Work } from './projected-rows.ts'

const BATCH_ROWS = 5_000
const SMALLEST_BATCH = 100

/** Another server moved the projection on. */
class Overtaken extends Error {}
/** A relationship that is to be made has an end that is not there yet. */
class MissesAnEnd extends Error {}
const overtaken = (): Error => new Overtaken()

/** Rows in one transaction: half as many after one that was too much, and slowly more again while it goes well. */
export interface Pace {
  rows: number
}
export const fullPace = (): Pace => ({ rows: BATCH_ROWS })
const faster = (pace: Pace): void => void (pace.rows = Math.min(BATCH_ROWS, Math.ceil(pace.rows * 1.1)))
const slower = (pace: Pace): void => void (pace.rows = Math.ceil(pace.rows / 2))

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
 * Resolves when it has arrived. Stopped at any moment, it goes on from there. `pace` is kept by the caller: what was too
 * much for this Neo4j is not tried again at full size each time.
 */
export async function project(bolt: Bolt, isStopped: () => boolean, pace: Pace = fullPace()): Promise<void> {
  while (!isStopped()) {
    try {
      if (await projectOnce(bolt, pace, isStopped)) return
    } catch (error) {
      if (error instanceof TooManyRows && pace.rows > SMALLEST_BATCH) slower(pace)
      else if (error instanceof Overtaken) await whileOthersWork(bolt, isStopped)
      else throw error
    }
  }
}

const LOOK_MILLISECONDS = 1_000

/** Two that take turns read, merge and send everything twice: whoever comes second leaves it to the first while that gets on. */
async function whileOthersWork(bolt: Bolt, isStopped: () => boolean): Promise<void> {
  let seen = ''
  for (;;) {
    const { base, target, next, done } = await readPosition(bolt)
    const now = JSON.stringify([base, target, next, done])
    if (target === undefined || now === seen || isStopped()) return
    seen = now
    for (let waited = 0; waited < LOOK_MILLISECONDS && !isStopped(); waited += 50) await pause(50)
  }
}

/** True: the labelled graph shows the heads. */
async function projectOnce(bolt: Bolt, pace: Pace, isStopped: () => boolean): Promise<boolean> {
  const position = await readPosition(bolt)
  if (position.rebuild) {
    await clear(bolt, isStopped)
    return false
  }
  if (position.target === undefined) {
    const heads = (await bolt.read('store/heads')).map((row) => String(row['head'])).sort()
    const target = JSON.stringify(heads)
    if (position.base !== target) {
      await bolt.write([['projection/lock'], ['projection/begin', { base: position.base, target }, overtaken]])
      return false
    }
    const [rows] = await bolt.write([['projection/whole', { base: target, heads }]])
    return rows!.length > 0
  }
  await advance(bolt, { ...position, target: position.target }, pace, isStopped)
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

/**
 * Buckets that fit into one transaction together go together; a larger one goes alone, in parts. Where the projection
 * stands moves in the transaction of the rows, so each row is done once, also after a kill. What comes next is read
 * and merged while Neo4j works on what went before.
 */
async function advance(
  bolt: Bolt,
  { base, target, next, done, isNew }: Position & { readonly target: string },
  pace: Pace,
  isStopped: () => boolean,
): Promise<void> {
  const [from, to] = [await manifests(bolt, base), await manifests(bolt, target)]
  if (!from || !to) return startAnew(bolt)
  const end = isNew ? 2 * SEGMENTS : SEGMENTS
  const workAt = async (at: number): Promise<readonly Work[]> => {
    const bucket = at % SEGMENTS
    if (hashesOf(from, bucket) === hashesOf(to, bucket)) return []
    if (!isNew) return workOf(delta(await bucketOfEstate(bolt, bucket, from), await bucketOfEstate(bolt, bucket, to)))
    return at < SEGMENTS
      ? newEntities(await bucketOfEstate(bolt, bucket, to, 'entities'))
      : newRelationships(await bucketOfEstate(bolt, bucket, to, 'relationships'))
  }
  let start = next
  let pending: readonly Work[] = []
  let applying = Promise.resolve()
  const flush = async (to: number): Promise<void> => {
    await applying
    if (to > start) applying = apply(bolt, pending, { target, from: start, done: 0, to, toDone: 0 }, pace)
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
      if (through === 0 && pending.length + work.length <= pace.rows) {
        pending = [...pending, ...work]
        continue
      }
      await flush(at)
      if (through === 0 && work.length <= pace.rows) pending = work
      else {
        await applying
        await inParts(bolt, work, target, at, through, pace)
        start = at + 1
      }
    }
    await flush(end)
  } finally {
    await applying
  }
  await bolt.write([['projection/lock'], ['projection/finish', { target, end: wholeNumber(end) }, overtaken]])
}

async function inParts(
  bolt: Bolt,
  work: readonly Work[],
  target: string,
  bucket: number,
  through: number,
  pace: Pace,
): Promise<void> {
  for (let done = through; ;) {
    const until = done + pace.rows
    const isLast = until >= work.length
    const stand = { target, from: bucket, done }
    const then = isLast ? { to: bucket + 1, toDone: 0 } : { to: bucket, toDone: until }
    await apply(bolt, work.slice(done, until), { ...stand, ...then }, pace)
    if (isLast) return
    done = until
  }
}

interface Move {
  readonly target: string
  readonly from: number
  readonly done: number
  readonly to: number
  readonly toDone: number
}

/** Whether it stands where it is moved from is asked before the rows: what another server did is not done over in vain. */
async function apply(bolt: Bolt, work: readonly Work[], move: Move, pace: Pace): Promise<void> {
  const { target, from, done, to, toDone } = move
  const stand = { target, from: wholeNumber(from), done: wholeNumber(done) }
  const stepsWith = (isEachEndThere: boolean): readonly Step[] => [
    ['projection/lock'],
    ['projection/stands', stand, overtaken],
    ...inOrder.flatMap((statement): Step[] => {
      const rows = work.filter((one) => one.statement === statement).map(({ row }) => row)
      if (rows.length === 0) return []
      if (statement !== 'create-relationships') return [[statement, { rows }]]
      if (!isEachEndThere) return [['apply-relationships', { rows }]]
      return [[statement, { rows, count: wholeNumber(rows.length) }, () => new MissesAnEnd()]]
    }),
    ['projection/advance', { ...stand, to: wholeNumber(to), toDone: wholeNumber(toDone) }, overtaken],
  ]
  failpoint('before-projection-batch')
  try {
    await bolt.write(stepsWith(true))
  } catch (error) {
    if (!(error instanceof MissesAnEnd)) throw error
    await bolt.write(stepsWith(false))
  }
  faster(pace)
  failpoint('after-projection-batch')
}

/** Of several buckets at once too: what goes, goes first. */
const inOrder = [
  'retire-relationships',
  'retire-entities',
  'apply-entities',
  'create-entities',
  'apply-relationships',
  'create-relationships',
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

import { bufferOf } from '../arrays.ts'
import { engineKernel } from '../index/engine-kernels.ts'
import { indexIn, type FlatIndex } from '../index/flat-index.ts'
import { fallAt, fallPlaceFor, type FallPlace } from '../reach/fall.ts'
import {
  countLedger,
  FALL_WIDTH,
  fallClerkFor,
  fallColumns,
  fallLedgerOf,
  systemsIn,
  type FallLedger,
} from '../reach/fall-ledger.ts'
import { fallDesksFor, type FallDesks } from '../reach/fall-desks.ts'
import { fallMemory, fallViewOf } from '../reach/fall-view.ts'
import { countedAs } from './victims.ts'

/**
 * The ranking of every credential as work that threads share: columns in buffers that all of them see, and a cursor
 * from which each takes the next block. Nothing of it depends on who takes which.
 */
export interface FallTask {
  /** Of the index of an unveiled model. */
  readonly buffer: ArrayBufferLike
  readonly credentials: Int32Array
  /** By credential: the platform may never refuse it. */
  readonly unsure: Uint8Array
  /** By entity: `countedAs`, weight, business system (negative: none), and of a system, whether it is of tier 1. */
  readonly counted: Uint8Array
  readonly weights: Uint8Array
  readonly systems: Int32Array
  readonly tier1: Uint8Array
  /** One word: the next credential that nobody has taken. */
  readonly cursor: Int32Array
  /** `FALL_WIDTH` numbers a credential: `fallColumns`. */
  readonly falls: Float64Array
  /** One word: how many credentials are done. */
  readonly done: Int32Array
  /** The same work for the kernel, over the same cursor and falls; null where there is none. */
  readonly ledger: FallLedger | null
}

/** Who will work on a task, told of it before it is made. */
export interface FallCrew {
  readonly workers: number
  /** Called once, if at all, before the rest of the task is there. */
  prepare(desks: FallDesks): void
}

const ALONE: FallCrew = { workers: 1, prepare: () => undefined }
const BLOCK = 256
const CERTAIN = 10

/**
 * @param index of an unveiled model
 * @param byKernel false: only the twin works on it; true: the kernel also on a small estate. Absent: as its size says.
 */
export function fallTask(
  index: FlatIndex,
  subject: Pick<FallTask, 'credentials' | 'unsure' | 'counted' | 'weights' | 'systems' | 'tier1'>,
  byKernel = index.memory !== null,
  crew = ALONE,
): FallTask {
  const { credentials, unsure, counted, weights, systems, tier1 } = subject
  const ledger = byKernel ? ledgerFor(index, subject, crew) : null
  return {
    buffer: index.buffer,
    credentials: sharedWords(credentials),
    unsure: sharedBytes(unsure),
    counted: sharedBytes(counted),
    weights: sharedBytes(weights),
    systems: sharedWords(systems),
    tier1: sharedBytes(tier1),
    cursor: ledger?.cursor ?? new Int32Array(bufferOf(4)),
    falls: ledger?.falls ?? new Float64Array(bufferOf(8 * FALL_WIDTH * credentials.length)),
    done: new Int32Array(bufferOf(4)),
    ledger,
  }
}

/** Null where there is no kernel, or no room for what it works on. */
function ledgerFor(index: FlatIndex, subject: Parameters<typeof fallTask>[1], crew: FallCrew): FallLedger | null {
  const { credentials, unsure, counted, weights, systems, tier1 } = subject
  const memory = fallMemory()
  if (!memory || !engineKernel('falls', memory)) return null
  try {
    const size = {
      entities: index.entities,
      groups: index.groupConfirmed.length + 1,
      edges: index.edges.length >> 1,
      systems: systemsIn(systems),
    }
    const desks = fallDesksFor(memory, size, crew.workers)
    if (desks) crew.prepare(desks)
    const view = fallViewOf(index, memory)
    const each = Uint16Array.from(counted, (one, entity) => one | (weights[entity]! << 2))
    return fallLedgerOf(view, { things: credentials, unsure, worth: { each, systems, tier1 } }, desks)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function sharedWords(words: Int32Array): Int32Array {
  const all = new Int32Array(bufferOf(words.byteLength))
  all.set(words)
  return all
}

function sharedBytes(bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(bufferOf(bytes.byteLength))
  all.set(bytes)
  return all
}

/**
 * Takes blocks until none is left, by the kernel where the task has a ledger, else by its twin, `addFall`. `did` is called
 * after each block. Returns how many credentials were this thread's.
 */
export function workOnFalls(task: FallTask, did: () => void = () => undefined, place?: FallPlace): number {
  const tell = (count: number): void => {
    Atomics.add(task.done, 0, count)
    did()
  }
  const clerk = task.ledger ? fallClerkFor(task.ledger) : undefined
  return clerk ? countLedger(clerk, tell) : workPlainly(task, place ?? fallPlaceFor(indexIn(task.buffer)), tell)
}

function workPlainly(task: FallTask, place: FallPlace, did: (count: number) => void): number {
  const marks: Marks = {
    broken: new Int32Array(task.counted.length).fill(-1),
    systems: new Int32Array(task.counted.length).fill(-1),
  }
  const size = task.credentials.length
  let done = 0
  for (;;) {
    const first = Atomics.add(task.cursor, 0, BLOCK)
    if (first >= size) return done
    const end = Math.min(size, first + BLOCK)
    for (let at = first; at < end; at++) addFall(task, place, marks, at)
    done += end - first
    did(end - first)
  }
}

/** Marks that count where they are the place of the present credential. */
interface Marks {
  readonly broken: Int32Array
  readonly systems: Int32Array
}

/** What `victimsOf` says of a fall, added up. */
function addFall(task: FallTask, place: FallPlace, marks: Marks, at: number): void {
  const { counted, weights, systems, falls } = task
  const credential = task.credentials[at]!
  const struck = [credential]
  const { certain, possible, degraded } = fallAt(place, struck, task.unsure[at] === 1 ? new Set(struck) : undefined)
  const row = at * FALL_WIDTH
  let [weight, breaks, unknown, systemCount, tier1] = [0, 0, 0, 0, 0]
  for (let i = 0; i < certain.length; i++) {
    const one = certain[i]!
    if (counted[one] !== countedAs.dependent) continue
    marks.broken[one] = at
    breaks++
    weight += weights[one]! * CERTAIN
    const system = systems[one]!
    if (system < 0 || marks.systems[system] === at) continue
    marks.systems[system] = at
    systemCount++
    if (task.tier1[system] === 1) tier1++
  }
  for (let i = 0; i < possible.length; i++) {
    const one = possible[i]!
    if (counted[one] === countedAs.other || marks.broken[one] === at) continue
    unknown++
    weight += weights[one]!
  }
  for (const one of degraded) {
    if (counted[one] === countedAs.other) continue
    unknown++
    weight += weights[one]!
  }
  falls[row + fallColumns.weight] = weight
  falls[row + fallColumns.breaks] = breaks
  falls[row + fallColumns.unknown] = unknown
  falls[row + fallColumns.systems] = systemCount
  falls[row + fallColumns.tier1] = tier1
  falls[row + fallColumns.certain] = certain.length
  falls[row + fallColumns.possible] = possible.length
}

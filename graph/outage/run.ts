import { float64s, int32s, uint32s, uint8s } from '../arrays.ts'
import type { CompiledEstate } from './compile.ts'
import { heap, type Heap } from './heap.ts'
import type { ResolvedChange } from './resolve.ts'
import { NO_END, NO_START } from './span.ts'
import { timingColumns } from './timings.ts'

/** Numbers that every question reuses: as long as the estate, and cleaned after each run only where it wrote. */
interface Board {
  /** What an entity's needs do to it (rule 8), without what the change itself does. */
  readonly needStart: Float64Array
  readonly needEnd: Float64Array
  /** The outage: needs and change together. */
  readonly outStart: Float64Array
  readonly outEnd: Float64Array
  /** What its soft needs do to it (rule 10). */
  readonly softStart: Float64Array
  readonly softEnd: Float64Array
  readonly queued: Uint8Array
  readonly touched: Uint8Array
  /** How often an end grew, for rule 9. */
  readonly growths: Uint32Array
  /** Spans of relationships that have alternatives, by slot, and how many of a group's counted members are out. */
  readonly slotStart: Float64Array
  readonly slotEnd: Float64Array
  readonly groupOut: Int32Array
}

/** A value that is refused in a place, while it is (rule 2). `keeps`: open sessions hold (rule 4). */
export interface Refused {
  readonly start: number
  readonly end: number
  readonly keeps: boolean
  readonly credential: number
}

/** The places of one rotated credential, and since when each has the new value (engine.md rule 2). */
export interface Copies {
  readonly credential: number
  readonly places: readonly number[]
  /** Places into which the new value is put, having their own `HOLDS`. */
  readonly put: ReadonlySet<number>
  /** Syncs between these places, by the place they fill and by the place they read. */
  readonly fills: ReadonlyMap<number, readonly number[]>
  readonly feeds: ReadonlyMap<number, readonly number[]>
  /** Good again from; absent is never. Null before it was first worked out. */
  good: Map<number, number> | null
}

/** The end of an entity's outage by its needs, or the moment a copy in a place is good again. */
export interface Moment {
  readonly entity: number
  readonly copies: Copies | null
}

/** Not before `seconds` after that moment; without one, not before `seconds`. */
export interface Wait {
  readonly after: Moment | null
  readonly seconds: number
}

/** One of the two runs over an estate for a change, and everything that is out so far. */
export interface Run extends Board {
  readonly estate: CompiledEstate
  readonly resolved: ResolvedChange
  readonly worst: boolean
  readonly at: number
  /** Moment of enforcement, and of the end of it (Infinity: for good). */
  readonly inv: number
  readonly until: number
  readonly sessionColumn: number
  readonly toleranceColumn: number
  readonly pickupColumn: number
  readonly heap: Heap
  readonly touchedEntities: number[]
  readonly touchedSlots: number[]
  /** Refused values that were not rotated, by place. */
  readonly refusedAt: Map<number, Refused[]>
  /** Places that hold a credential, by credential. */
  readonly places: Map<number, readonly number[]>
  /** Copies of each rotated credential, by credential and by place. */
  readonly copies: Map<number, Copies>
  readonly copiesAt: Map<number, Copies[]>
  readonly staleCopies: Set<Copies>
  /** What ends that keep growing wait for (rule 9), by entity. */
  readonly waits: Map<number, readonly Wait[]>
  /** Entities followed so far, and moments looked at ahead. */
  readonly work: { spread: number; looked: number }
}

/** By groups of needs, which all views of one estate share: they differ in times, and one of them runs at a time. */
const boards = new WeakMap<CompiledEstate['needs'], { worst: Board; best: Board }>()

function makeBoard({ entityIds, needs }: CompiledEstate): Board {
  const count = entityIds.length
  const slots = needs.members.length
  return {
    needStart: float64s(count).fill(NO_START),
    needEnd: float64s(count).fill(NO_END),
    outStart: float64s(count).fill(NO_START),
    outEnd: float64s(count).fill(NO_END),
    softStart: float64s(count).fill(NO_START),
    softEnd: float64s(count).fill(NO_END),
    queued: uint8s(count),
    touched: uint8s(count),
    growths: uint32s(count),
    slotStart: float64s(slots).fill(NO_START),
    slotEnd: float64s(slots).fill(NO_END),
    groupOut: int32s(needs.confirmedCount.length),
  }
}

/** A run in which nothing is out yet. Close it before the next one of the same case is opened. */
export function openRun(estate: CompiledEstate, resolved: ResolvedChange, worst: boolean): Run {
  let pair = boards.get(estate.needs)
  if (!pair) boards.set(estate.needs, (pair = { worst: makeBoard(estate), best: makeBoard(estate) }))
  return {
    ...(worst ? pair.worst : pair.best),
    estate,
    resolved,
    worst,
    at: resolved.change.at,
    ...momentsOfChange(resolved, worst),
    sessionColumn: worst ? timingColumns.sessionMin : timingColumns.sessionMax,
    toleranceColumn: worst ? timingColumns.toleranceMin : timingColumns.toleranceMax,
    pickupColumn: worst ? timingColumns.pickupMax : timingColumns.pickupMin,
    heap: heap(),
    touchedEntities: [],
    touchedSlots: [],
    refusedAt: new Map(),
    places: new Map(),
    copies: new Map(),
    copiesAt: new Map(),
    staleCopies: new Set(),
    waits: new Map(),
    work: { spread: 0, looked: 0 },
  }
}

/** When a change is enforced and until when, in one of the two runs (engine.md rule 1). */
export function momentsOfChange({ change }: ResolvedChange, worst: boolean): { inv: number; until: number } {
  const { action, at, lag, overlap, until } = change
  const lagMax = lag[1] ?? Infinity
  return {
    inv: at + (action === 'rotate' ? (overlap ?? 0) : 0) + (worst ? lag[0] : lagMax),
    until: until === undefined ? Infinity : until + (worst ? lagMax : lag[0]),
  }
}

/** Leaves the board as it was found. */
export function closeRun(run: Run): void {
  for (const entity of run.touchedEntities) {
    run.needStart[entity] = run.outStart[entity] = run.softStart[entity] = NO_START
    run.needEnd[entity] = run.outEnd[entity] = run.softEnd[entity] = NO_END
    run.queued[entity] = run.touched[entity] = run.growths[entity] = 0
  }
  for (const slot of run.touchedSlots) {
    run.slotStart[slot] = NO_START
    run.slotEnd[slot] = NO_END
    run.groupOut[run.estate.needs.groupOfSlot[slot]!] = 0
  }
}

export function touch(run: Run, entity: number): void {
  if (run.touched[entity] === 1) return
  run.touched[entity] = 1
  run.touchedEntities.push(entity)
}

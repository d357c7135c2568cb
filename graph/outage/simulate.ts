import type { ChangeInput } from './change.ts'
import type { CompiledEstate } from './compile.ts'
import { copiesOf } from './copies.ts'
import { flatOf, type Flat } from './flat-of.ts'
import { flatOutages, type FlatOutages } from './flat-outages.ts'
import { askOver } from './flat-over.ts'
import { outagesForGood } from './for-good-outages.ts'
import type { Strike } from './flat-run.ts'
import { resolveChange, type ResolvedChange } from './resolve.ts'
import type { RunColumns, SpanColumns } from './run-columns.ts'
import { closeRun, momentsOfChange, openRun, type Run } from './run.ts'
import { NO_END, NO_START, spanJson, type SpanJson } from './span.ts'
import { settle, strike } from './spread.ts'

/** Everything that is out or degraded in either run. */
export interface Outages {
  readonly estate: CompiledEstate
  readonly resolved: ResolvedChange
  /** Entity numbers, ascending. */
  readonly entities: Int32Array
  /** The best case: what is out for certain. */
  readonly certain: RunColumns
  /** The worst case: what may be out. */
  readonly possible: RunColumns
}

/**
 * What a change puts out, in both runs (engine.md). Cost follows what is affected, not the size of the estate
 * (a `cut` looks its relationships up by name first, once through all of them).
 * @throws QuestionError for a change that is not well formed or names what the estate does not have.
 */
export function simulate(estate: CompiledEstate, change: ChangeInput): Outages {
  const resolved = resolveChange(estate, change)
  const flat = resolved.rotated.size > 0 ? null : simulateFlat(estate, resolved)
  return flat ? { estate, resolved, ...flat } : simulateAhead(estate, resolved)
}

/** Over the flat index: whatever has no copies to follow, unless ends grow round a cycle. */
function simulateFlat(estate: CompiledEstate, resolved: ResolvedChange): FlatOutages | null {
  const laid = askOver(estate, (over) => outagesOn(over, resolved, over.edges(resolved.cut)))
  if (laid) return laid.answer
  const flat = flatOf(estate)
  const cut = new Set<number>()
  for (const relationship of resolved.cut) {
    const edge = flat.edges()[relationship]!
    if (edge >= 0) cut.add(edge)
  }
  return outagesOn(flat, resolved, cut)
}

function outagesOn(
  flat: Pick<Flat, 'board' | 'goodBoard'>,
  resolved: ResolvedChange,
  cut: ReadonlySet<number>,
): FlatOutages | null {
  const strike = (worst: boolean): Strike => ({ struck: resolved.struck, cut, ...momentsOfChange(resolved, worst) })
  const [worst, best] = [strike(true), strike(false)]
  return worst.until === Infinity && best.until === Infinity
    ? outagesForGood(flat.goodBoard(), worst, best)
    : flatOutages(flat.board(), worst, best)
}

/** Over the compiled estate: rotations, whose copies take their new value at different moments, and growing ends. */
export function simulateAhead(estate: CompiledEstate, resolved: ResolvedChange): Outages {
  const worst = openRun(estate, resolved, true)
  const best = openRun(estate, resolved, false)
  try {
    follow(worst)
    follow(best)
    const entities = affected(worst, best)
    return { estate, resolved, entities, certain: columns(best, entities), possible: columns(worst, entities) }
  } finally {
    closeRun(worst)
    closeRun(best)
  }
}

function follow(run: Run): void {
  openCopies(run)
  strike(run)
  settle(run)
}

/** Rotated credentials have copies, whose values are good again at different moments (rule 2). */
export function openCopies(run: Run): void {
  for (const credential of run.resolved.rotated) {
    const copies = copiesOf(run, credential)
    if (copies.places.length === 0) continue
    run.copies.set(credential, copies)
    run.staleCopies.add(copies)
    for (const place of copies.places) {
      const list = run.copiesAt.get(place)
      if (list) list.push(copies)
      else run.copiesAt.set(place, [copies])
    }
  }
}

function affected(worst: Run, best: Run): Int32Array {
  const found: number[] = []
  for (const run of [worst, best])
    for (const entity of run.touchedEntities) {
      const isAffected = run.outEnd[entity]! > run.outStart[entity]! || run.softEnd[entity]! > run.softStart[entity]!
      if (isAffected && (run === worst || !isIn(worst, entity))) found.push(entity)
    }
  return Int32Array.from(found).sort()
}

function isIn(run: Run, entity: number): boolean {
  return run.outEnd[entity]! > run.outStart[entity]! || run.softEnd[entity]! > run.softStart[entity]!
}

function columns(run: Run, entities: Int32Array): RunColumns {
  const take = (values: Float64Array) => Float64Array.from(entities, (entity) => values[entity]!)
  const out = { start: take(run.outStart), end: take(run.outEnd) }
  const degraded = { start: take(run.softStart), end: take(run.softEnd) }
  for (let row = 0; row < entities.length; row++)
    if (out.end[row]! > out.start[row]!) {
      degraded.start[row] = NO_START
      degraded.end[row] = NO_END
    }
  return { out, needs: { start: take(run.needStart), end: take(run.needEnd) }, degraded }
}

/** Row of an entity, or -1 when nothing happens to it. */
export function rowOf({ entities }: Outages, entity: number): number {
  let low = 0
  let high = entities.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (entities[middle]! === entity) return middle
    if (entities[middle]! < entity) low = middle + 1
    else high = middle - 1
  }
  return -1
}

export function spanAt({ start, end }: SpanColumns, row: number): SpanJson | null {
  return row < 0 ? null : spanJson(start[row]!, end[row]!)
}

export interface ExpectedOutage {
  certain: SpanJson | null
  possible: SpanJson | null
  degraded: { certain: SpanJson | null; possible: SpanJson | null } | null
}

/** Id to outage, in the shape of a vector's `expect`. A Map, as ids are text from files. */
export type Expected = Map<string, ExpectedOutage>

export function toExpect(outages: Outages): Expected {
  const expect: Expected = new Map()
  outages.entities.forEach((entity, row) => {
    const certain = spanAt(outages.certain.degraded, row)
    const possible = spanAt(outages.possible.degraded, row)
    expect.set(outages.estate.entityIds[entity]!, {
      certain: spanAt(outages.certain.out, row),
      possible: spanAt(outages.possible.out, row),
      degraded: certain || possible ? { certain, possible } : null,
    })
  })
  return expect
}

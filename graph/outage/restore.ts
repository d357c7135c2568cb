import { placesOf, refreshCopies } from './copies.ts'
import { closeRun, openRun, touch, type Run } from './run.ts'
import type { RunColumns, SpanColumns } from './run-columns.ts'
import { openCopies, type Outages } from './simulate.ts'
import { isSpan, NO_END } from './span.ts'
import { refusalsOf } from './spread.ts'

export interface BothRuns {
  readonly certain: Run
  readonly possible: Run
}

/** Puts both runs back where they ended, to look into them; what comes of `look` must not keep them. */
export function withRuns<T>(outages: Outages, look: (runs: BothRuns) => T): T {
  const possible = openRun(outages.estate, outages.resolved, true)
  const certain = openRun(outages.estate, outages.resolved, false)
  try {
    restore(possible, outages, outages.possible)
    restore(certain, outages, outages.certain)
    return look({ certain, possible })
  } finally {
    closeRun(possible)
    closeRun(certain)
  }
}

function restore(run: Run, { entities }: Outages, columns: RunColumns): void {
  openCopies(run)
  entities.forEach((entity, row) => {
    touch(run, entity)
    run.needStart[entity] = columns.needs.start[row]!
    run.needEnd[entity] = endAt(columns.needs, row)
    run.outStart[entity] = columns.out.start[row]!
    run.outEnd[entity] = endAt(columns.out, row)
    run.softStart[entity] = columns.degraded.start[row]!
    run.softEnd[entity] = endAt(columns.degraded, row)
  })
  for (const entity of entities) refuseEverywhere(run, entity)
  for (const copies of run.copies.values()) refreshCopies(run, copies)
}

function endAt({ start, end }: SpanColumns, row: number): number {
  return isSpan(start[row]!, end[row]!) ? end[row]! : NO_END
}

/**
 * Every refused value in every place. The run itself keeps the widest ones only; of two credentials refused for as
 * long, the one it dropped may be the one that explains the other.
 */
function refuseEverywhere(run: Run, credential: number): void {
  const refusals = refusalsOf(run, credential)
  if (refusals.length === 0) return
  for (const place of placesOf(run, credential)) {
    const list = run.refusedAt.get(place)
    if (list) list.push(...refusals)
    else run.refusedAt.set(place, [...refusals])
  }
}

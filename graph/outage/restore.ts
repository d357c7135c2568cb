import { refreshCopies } from './copies.ts'
import { closeRun, openRun, touch, type Run } from './run.ts'
import { openCopies, type Outages, type RunColumns } from './simulate.ts'
import { refuseInPlaces } from './spread.ts'

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
    run.needEnd[entity] = columns.needs.end[row]!
    run.outStart[entity] = columns.out.start[row]!
    run.outEnd[entity] = columns.out.end[row]!
    run.softStart[entity] = columns.degraded.start[row]!
    run.softEnd[entity] = columns.degraded.end[row]!
  })
  for (const entity of entities) refuseInPlaces(run, entity)
  for (const copies of run.copies.values()) refreshCopies(run, copies)
}

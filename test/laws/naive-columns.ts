import type { Columns } from '../../graph/index/columns.ts'
import { arrowsOf, partOf, type Arrows, type ColumnChange, type Part } from './naive-columns-part.ts'
import { runOver, type NaiveRun } from './naive-columns-run.ts'

/**
 * The outage engine as its page reads, over columns, for estates of any size: all rules are applied to everything that
 * could be out, round after round, until nothing changes (Kleene). Of graph/outage and of the index it shares no code,
 * of graph/ no more than what the numbers in columns stand for. It is slow; `naive-outage.ts` says the same with texts.
 */
export interface NaiveAnswer {
  /** Entities that are out or degraded in either run, ascending; the runs have a row for each. */
  readonly entities: Int32Array
  readonly possible: NaiveRun
  readonly certain: NaiveRun
  /** How much was looked at: the things that could be out, and rounds of both runs together. */
  readonly looked: number
  readonly rounds: number
}

/**
 * Answers to any number of questions on one estate; null where ends could grow round cycles, step by step, in a part of
 * more than `most` things: that takes rounds without number.
 */
export function naiveOver(columns: Columns, most = Infinity): (change: ColumnChange) => NaiveAnswer | null {
  const arrows = arrowsOf(columns)
  return (change) => {
    const part = partOf(columns, arrows, change)
    const mayGrow = change.until !== undefined || change.action === 'rotate'
    return mayGrow && part.entities.length > most ? null : naiveOutages(columns, arrows, part, change)
  }
}

function naiveOutages(columns: Columns, arrows: Arrows, part: Part, change: ColumnChange): NaiveAnswer {
  const worst = runOver(columns, arrows, part, change, true)
  const best = runOver(columns, arrows, part, change, false)
  const kept = affectedIn(part, worst.run, best.run)
  const take = (run: NaiveRun): NaiveRun => {
    const column = (values: Float64Array) => Float64Array.from(kept, (at) => values[at]!)
    const spans = ({ start, end }: NaiveRun['out']) => ({ start: column(start), end: column(end) })
    return { out: spans(run.out), needs: spans(run.needs), degraded: spans(run.degraded) }
  }
  return {
    entities: Int32Array.from(kept, (at) => part.entities[at]!),
    possible: take(worst.run),
    certain: take(best.run),
    looked: part.entities.length,
    rounds: worst.rounds + best.rounds,
  }
}

function affectedIn(part: Part, worst: NaiveRun, best: NaiveRun): number[] {
  const kept: number[] = []
  for (let at = 0; at < part.entities.length; at++)
    if ([worst.out, worst.degraded, best.out, best.degraded].some(({ start, end }) => end[at]! > start[at]!))
      kept.push(at)
  return kept.sort((a, b) => part.entities[a]! - part.entities[b]!)
}

/** The same estate with no times: what falls is who is out by a revoke of it, and nothing hides a loss. */
export function withoutTimes(columns: Columns): Columns {
  return { ...columns, timing: new Int32Array(columns.relationshipCount) }
}

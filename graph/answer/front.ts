import type { Estate } from '../estate/estate.ts'
import type { Hit, Operation, Verdict } from '../wire.ts'
import { assess, secondsUntilItBites } from './assess.ts'
import { bands } from './bands.ts'
import { momentOfAnswer } from './blast.ts'
import { coverageOf } from './coverage.ts'
import { countsOf, overallOf } from './headline.ts'
import { judge, verdictCodes } from './judge.ts'
import { availabilityOf } from './operations.ts'

const cellOrder = ['breaks', 'unknown', 'steps', 'keeps'] as const satisfies readonly Verdict[]
const columnOf = verdictCodes.map((verdict) => cellOrder.indexOf(verdict))
const [BREAKS, UNKNOWN] = [0, 1] as const

export type MiniFront = NonNullable<Hit['front']>

interface Front {
  readonly op: Operation
  readonly cells: MiniFront['cells']
  /** What no time of the day changes; undefined where the age of sources decides. */
  readonly verdict?: MiniFront['verdict']
}

const fronts = new WeakMap<Estate, Map<number, Front>>()

/** Some 400 bytes each. */
const MOST_FRONTS = 20_000

/** The mini-front of a credential: what the first possible of revoke, disable, rotate does, band by band. */
export function frontOf(estate: Estate, credential: number, now: string): MiniFront {
  const { op, cells, verdict } = keptFront(estate, credential)
  if (verdict !== undefined) return { verdict, cells }
  const assessment = assess(estate, credential, op)
  const at = momentOfAnswer(estate, now)
  return { verdict: overallOf(assessment, countsOf(assessment), coverageOf(estate, credential, at), at), cells }
}

/** Counted from columns: the whole assessment of a large fall takes most of a second, and megabytes. Kept for each that a list showed. */
function keptFront(estate: Estate, credential: number): Front {
  const kept = fronts.get(estate) ?? new Map<number, Front>()
  fronts.set(estate, kept)
  const known = kept.get(credential)
  if (known) return known
  const op: Operation = availabilityOf(estate.entities[credential]!).find((one) => one.available)?.op ?? 'revoke'
  const endsIn = secondsUntilItBites(estate, credential, op)
  const { verdicts, bandNumbers } = judge(estate, credential, op, { endsIn })
  const cells = bands.map((): [number, number, number, number] => [0, 0, 0, 0])
  for (let at = 0; at < verdicts.length; at++) cells[bandNumbers[at]!]![columnOf[verdicts[at]!]!]!++
  const verdict = settled(cells)
  const front = { op, cells, ...(verdict !== undefined && { verdict }) }
  if (kept.size >= MOST_FRONTS) kept.delete(kept.keys().next().value!)
  kept.set(credential, front)
  return front
}

/** Whatever breaks is not safe, and where it is not known of somebody nobody can say (`overallOf`). */
function settled(cells: MiniFront['cells']): MiniFront['verdict'] | undefined {
  if (cells.some((cell) => cell[BREAKS] > 0)) return 'not-safe'
  return cells.some((cell) => cell[UNKNOWN] > 0) ? 'cannot-say' : undefined
}

import { channels } from './channels.ts'
import { madeAgainKinds } from './channels.ts'
import type { Run } from './run.ts'
import { pickupOf, taken } from './taking.ts'
import { TIMING_WIDTH, timingColumns } from './timings.ts'

/** Why a relationship is out for a while. */
export const causes = {
  /** It was cut, or runs over one that was. */
  cut: 0,
  /** What it needs was rotated, and what that issued or encrypted has to be made again. */
  madeAgain: 1,
  /** What it needs is out. */
  down: 2,
  /** The value of a rotated credential is refused. */
  rotated: 3,
  /** The value of a revoked or disabled credential is refused. */
  struck: 4,
  /** The value of a credential is refused because of what that credential needs. */
  lost: 5,
} as const

/** Seconds before rules 6 and 7; `credential` is -1 where no value is concerned. */
export type SpanVisitor = (run: Run, start: number, end: number, cause: number, credential: number) => void

/** Every span for which a relationship is out, given what is out so far (engine.md rules 1, 4 and 5). */
export function eachSpan(run: Run, relationship: number, visit: SpanVisitor): void {
  const { estate, resolved } = run
  const channel = estate.channel[relationship]!
  const head = estate.to[relationship]!
  const row = estate.timing[relationship]! * TIMING_WIDTH
  const tolerance = estate.timings[row + run.toleranceColumn]!
  if (resolved.cut.has(relationship)) visit(run, run.inv + tolerance, run.until, causes.cut, -1)
  if (channel === channels.carries) {
    eachRefusal(run, relationship, head, estate.timings[row + run.sessionColumn]!, visit)
    return
  }
  if (resolved.rotated.has(head) && madeAgainKinds.has(estate.kind[relationship]!))
    visit(run, run.inv + tolerance, run.at + pickupOf(run, relationship), causes.madeAgain, -1)
  if (run.outEnd[head]! > run.outStart[head]!)
    visit(run, run.outStart[head]! + tolerance, run.outEnd[head]!, causes.down, -1)
  if (channel === channels.reads) eachReading(run, relationship, head, estate.timings[row + run.sessionColumn]!, visit)
}

/** A user that has the value itself: of a rotated one only whoever is handed it. */
function eachRefusal(run: Run, relationship: number, credential: number, session: number, visit: SpanVisitor): void {
  const { resolved } = run
  if (resolved.rotated.has(credential)) {
    const handed = resolved.published.has(run.estate.from[relationship]!)
    const end = handed ? run.at + pickupOf(run, relationship) : Infinity
    visit(run, run.inv + session, end, causes.rotated, credential)
  }
  if (resolved.struck.has(credential)) visit(run, run.inv + session, run.until, causes.struck, credential)
  // An identity deleted under a session may take it along.
  const start = run.needStart[credential]! + (run.worst ? 0 : session)
  if (run.needEnd[credential]! > run.needStart[credential]!)
    visit(run, start, run.needEnd[credential]!, causes.lost, credential)
}

function eachReading(run: Run, relationship: number, place: number, session: number, visit: SpanVisitor): void {
  const refused = run.refusedAt.get(place)
  if (refused)
    for (const { start, end, keeps, credential } of refused)
      visit(run, start + (keeps || !run.worst ? session : 0), end, keeps ? causes.struck : causes.lost, credential)
  const rotated = run.copiesAt.get(place)
  if (rotated)
    for (const { credential, good } of rotated) {
      if (good === null) continue
      const end = taken(run, relationship, good.get(place) ?? Infinity)
      visit(run, run.inv + session, end, causes.rotated, credential)
    }
}

/** Hull of a relationship's spans after rules 6 and 7. Reused: read it before the next call. */
export const measured = { start: Infinity, end: -Infinity, cadence: 0 }

export function measure(run: Run, relationship: number): typeof measured {
  measured.start = Infinity
  measured.end = -Infinity
  measured.cadence = run.estate.timings[run.estate.timing[relationship]! * TIMING_WIDTH + timingColumns.cadence]!
  eachSpan(run, relationship, keep)
  return measured
}

function keep(run: Run, start: number, end: number): void {
  const from = run.worst ? start : start + measured.cadence
  if (end <= from) return
  measured.start = Math.min(measured.start, from)
  measured.end = Math.max(measured.end, run.worst ? end + measured.cadence : end)
}

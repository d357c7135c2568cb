import { along, ends, type Estate } from '../estate/estate.ts'
import type { Readiness } from './gates.ts'
import { startsIn, type Window } from './calendar.ts'

/** Jobs of a credential that begin in a window, and those of which no source says when they begin. Names. */
export function jobsIn(
  estate: Estate,
  { assessment }: Readiness,
  window: Window,
): { during: string[]; unsure: string[] } {
  const { subject, users } = assessment
  const held = new Set([subject, ...users.places.map(({ index }) => index)])
  const during: string[] = []
  const unsure: string[] = []
  for (const index of users.workloads) {
    const { name, props, kind } = estate.entities[index]!
    if (kind === 'caller') continue
    const crons = [props?.['schedule']].flat().filter((cron) => typeof cron === 'string')
    if (crons.length > 0) {
      const starts = crons.map((cron) => startsIn(cron, window))
      if (starts.includes(true)) during.push(name)
      else if (starts.includes(undefined)) unsure.push(name)
      continue
    }
    const cadence = longestCadence(estate, index, held)
    if (cadence === undefined || cadence < 3600) continue
    if (cadence * 1000 <= window.end - window.start) during.push(name)
    else unsure.push(name)
  }
  return { during, unsure }
}

function longestCadence(estate: Estate, index: number, held: ReadonlySet<number>): number | undefined {
  let longest: number | undefined
  for (const number of along(estate.out, index)) {
    const relationship = estate.relationships[number]!
    if (relationship.cadence === undefined || !held.has(ends(estate, relationship).to)) continue
    longest = Math.max(longest ?? 0, relationship.cadence)
  }
  return longest
}

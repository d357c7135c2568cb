import { duration } from '../answer/durations.ts'
import { along, ends, type Estate } from '../estate/estate.ts'
import type { Assessment } from '../answer/assess.ts'

const LEAST = 86_400
const UNKNOWN_PERIOD = 7 * 86_400

/** How long to watch: one full period of use, and until the last span begins that has a known beginning. Seconds. */
export function watchingTime(assessment: Assessment): { lasts: number; why: string } {
  const { estate, dependents } = assessment
  const cadence = longestCadence(estate, assessment)
  const starts = dependents.flatMap(({ possible }) => (possible === null ? [] : [possible[0]]))
  const latest = Math.max(0, ...starts.filter(Number.isFinite))
  const period = cadence?.seconds ?? UNKNOWN_PERIOD
  const lasts = Math.max(LEAST, period, latest)
  if (lasts === latest && latest > period) return { lasts, why: `the last dependant notices after ${duration(latest)}` }
  if (cadence === undefined)
    return { lasts, why: 'no source says how often it is used: a week covers weekly use, not monthly or rarer' }
  return cadence.seconds >= LEAST
    ? { lasts, why: `one full period of the rarest known use: ${cadence.name}, every ${duration(cadence.seconds)}` }
    : { lasts, why: `the rarest known use is every ${duration(cadence.seconds)}; a day covers a daily cycle` }
}

function longestCadence(estate: Estate, { subject, users }: Assessment): { name: string; seconds: number } | undefined {
  const held = new Set([subject, ...users.places.map(({ index }) => index)])
  let longest: { name: string; seconds: number } | undefined
  for (const index of users.workloads)
    for (const number of along(estate.out, index)) {
      const relationship = estate.relationships[number]!
      if (relationship.cadence === undefined || !held.has(ends(estate, relationship).to)) continue
      if (relationship.cadence > (longest?.seconds ?? 0))
        longest = { name: estate.entities[index]!.name, seconds: relationship.cadence }
    }
  return longest
}

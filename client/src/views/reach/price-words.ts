import type { ReachReply } from '../../../../graph/wire.ts'
import { asOf } from '../../model/moments.ts'
import { exact, plural } from '../../model/verdict.ts'
import type { Option } from './reach-queries.ts'

const NAMED = 2

interface Outage {
  readonly breaks: number
  readonly unknown: number
}

/**
 * What an outage is in words. What cannot be told weighs: it stands first where nothing is known to break, and "nothing
 * breaks" is said only where it is known.
 */
export function outageWords({ breaks, unknown }: Outage, isKnownSafe: boolean): string {
  if (breaks > 0) {
    const also = unknown > 0 ? `, ${exact(unknown)} more cannot be told` : ''
    return `${plural(breaks, 'dependant')} ${breaks === 1 ? 'breaks' : 'break'}${also}`
  }
  if (unknown > 0) return `Cannot be told for ${plural(unknown, 'dependant')}; none is known to break`
  return isKnownSafe ? 'Breaks nothing' : 'No dependant is seen; that there is none cannot be told'
}

/** "4 dependants break", with names where they are few. */
export function priceOf({ price, first, verdict }: Pick<Option, 'price' | 'first' | 'verdict'>): string {
  const names = price.breaks > 0 && price.breaks <= NAMED ? first.slice(0, NAMED).join(', ') : ''
  return outageWords(price, verdict === 'safe') + (names === '' ? '' : `: ${names}`)
}

/** "2 sessions survive until 03:40 UTC": what lives on after an action, until when at the latest. Empty: nothing known. */
export function survivorWords(survivors: readonly ReachReply['survivors'][number][], now: number): string {
  if (survivors.length === 0) return ''
  const many = survivors.length === 1
  const live = survivors.filter(({ session }) => session !== null).length
  const what =
    live === survivors.length
      ? plural(live, 'live session')
      : plural(survivors.length, 'kind of session', 'kinds of session')
  const verb = live === survivors.length ? (many ? 'survives' : 'survive') : 'may survive'
  const ends = survivors.map(({ until }) => until)
  if (ends.some((until) => until === null)) return `${what} ${verb}, no known end`
  const latest = ends.reduce((a, b) => (Date.parse(a!) >= Date.parse(b!) ? a : b))!
  const exactly = survivors.every((one) => one.exact)
  return `${what} ${verb} until ${exactly ? '' : 'at the latest '}${asOf(latest, now)}`
}

import type { Gate, PlanItem, Rollback, Wave } from '../../../../graph/wire-plan.ts'
import type { Verdict } from '../../../../graph/wire.ts'
import { exact, plural } from '../../model/verdict.ts'

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const clock = (at: Date): string => at.toISOString().slice(11, 16)

/** "Mon 7 Dec", with the year where it is not this one. Not a moment: the text itself. */
export function dayWords(iso: string, now = Date.now()): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const year = at.getUTCFullYear() === new Date(now).getUTCFullYear() ? '' : ` ${at.getUTCFullYear()}`
  return `${days[at.getUTCDay()]} ${at.getUTCDate()} ${months[at.getUTCMonth()]}${year}`
}

/** "Mon 7 Dec, 09:00 UTC". */
export function momentWords(iso: string, now = Date.now()): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? iso : `${dayWords(iso, now)}, ${clock(at)} UTC`
}

/** "Mon 7 Dec, 09:00 to 13:00 UTC"; two days where it ends on another. */
export function windowWords(start: string, end: string, now = Date.now()): string {
  const [from, to] = [new Date(start), new Date(end)]
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return `${start} to ${end}`
  const same = start.slice(0, 10) === end.slice(0, 10)
  return same
    ? `${dayWords(start, now)}, ${clock(from)} to ${clock(to)} UTC`
    : `${dayWords(start, now)}, ${clock(from)} to ${dayWords(end, now)}, ${clock(to)} UTC`
}

/** State of a gate as the verdict that is painted for it, and in a word. */
export const gateRows: Readonly<Record<Gate['state'], { glyph: Verdict; word: string }>> = {
  met: { glyph: 'keeps', word: 'met' },
  'not-met': { glyph: 'breaks', word: 'not met' },
  unknown: { glyph: 'unknown', word: 'not known' },
}

export const rollbackRows: Readonly<Record<Rollback['verdict'], { glyph: Verdict; word: string; title: string }>> = {
  accepted: { glyph: 'keeps', word: 'accepted', title: 'The way back works' },
  refused: { glyph: 'breaks', word: 'refused', title: 'The way back does not work' },
  unknown: { glyph: 'unknown', word: 'not known', title: 'Whether the way back works is not known' },
}

export const metOf = (gates: readonly Gate[]): number => gates.filter(({ state }) => state === 'met').length

export const waveTitle = (wave: Pick<Wave, 'number' | 'pilot'>): string =>
  wave.pilot ? `Wave ${wave.number} · pilot` : `Wave ${wave.number}`

/** "2 break unprepared, 0 prepared": the wave as one change, before and after its preparation. */
export function outageWords({ unprepared, prepared }: Pick<Wave, 'unprepared' | 'prepared'>): string {
  if (unprepared.breaks + unprepared.unknown + prepared.breaks + prepared.unknown === 0) return 'nothing breaks'
  if (unprepared.breaks === 0 && prepared.breaks === 0) return `${exact(prepared.unknown)} unknown`
  const unknown = prepared.unknown === 0 ? '' : `, ${exact(prepared.unknown)} unknown`
  return `${exact(unprepared.breaks)} ${unprepared.breaks === 1 ? 'breaks' : 'break'} → ${exact(prepared.breaks)} prepared${unknown}`
}

/** What one credential takes with it when it is refused and nobody prepared. */
export function fallWords({ breaks, unknown }: Pick<PlanItem, 'breaks' | 'unknown'>): string {
  const parts = [
    ...(breaks === 0 ? [] : [`${exact(breaks)} ${breaks === 1 ? 'breaks' : 'break'}`]),
    ...(unknown === 0 ? [] : [`${exact(unknown)} unknown`]),
  ]
  return parts.length === 0 ? 'nothing breaks' : parts.join(', ')
}

/** Conflicts of a wave that name this credential. */
export const conflictsOf = (wave: Pick<Wave, 'conflicts'>, credential: string): Wave['conflicts'] =>
  wave.conflicts.filter(({ credentials }) => credentials.includes(credential))

const conflictShort: Readonly<Record<Wave['conflicts'][number]['kind'], string>> = {
  order: 'order',
  ring: 'ring',
  'owner-load': 'owner’s load',
  freeze: 'freeze',
  job: 'job in the window',
  'no-slot': 'no free slot',
  lead: 'begin sooner',
}
export const conflictName = (kind: Wave['conflicts'][number]['kind']): string => conflictShort[kind]

export const credentialsWords = (n: number): string => plural(n, 'credential')

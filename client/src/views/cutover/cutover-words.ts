import type {
  CutoverConflict,
  CutoverGate,
  CutoverItem,
  CutoverWave,
  PlanStatus,
  SignOffNeed,
} from '../../../../graph/wire-cutover.ts'
import type { Gate, Rollback } from '../../../../graph/wire-plan.ts'
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

/** "Mon 7 Dec, 09:00–13:00 UTC"; two days where it ends on another. */
export function windowWords(start: string, end: string, now = Date.now()): string {
  const [from, to] = [new Date(start), new Date(end)]
  if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return `${start} to ${end}`
  const same = start.slice(0, 10) === end.slice(0, 10)
  return same
    ? `${dayWords(start, now)}, ${clock(from)}–${clock(to)} UTC`
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

/** A gate of a plan: met, made to count by an exception, or open. */
export const gateGlyph = ({ state, excepted }: CutoverGate): Verdict =>
  excepted !== null && state !== 'met' ? 'steps' : gateRows[state].glyph

export const waveTitle = ({ number, pilot, title }: Pick<CutoverWave, 'number' | 'pilot' | 'title'>): string =>
  title !== '' ? `Wave ${number} · ${title}` : pilot ? `Wave ${number} · pilot` : `Wave ${number}`

const breakWords = (n: number): string => `${exact(n)} ${n === 1 ? 'breaks' : 'break'}`

/** "14 break → 0 prepared": the wave as one change, without and with its preparation. */
export function outageWords({ unprepared, prepared }: Pick<CutoverWave, 'unprepared' | 'prepared'>): string {
  const unknown = prepared.unknown === 0 ? '' : `, ${exact(prepared.unknown)} unknown`
  if (unprepared.breaks === 0 && prepared.breaks === 0)
    return prepared.unknown === 0 ? 'nothing known to break' : `${exact(prepared.unknown)} unknown`
  return `${breakWords(unprepared.breaks)} → ${exact(prepared.breaks)} prepared${unknown}`
}

/** What one credential takes with it when it is refused and nobody prepared. */
export function fallWords({ breaks, unknown }: Pick<CutoverItem, 'breaks' | 'unknown'>): string {
  const parts = [...(breaks === 0 ? [] : [breakWords(breaks)]), ...(unknown === 0 ? [] : [`${exact(unknown)} unknown`])]
  return parts.length === 0 ? 'nothing known to break' : parts.join(', ')
}

/** Conflicts of a wave that name this credential. */
export const conflictsOf = (wave: Pick<CutoverWave, 'conflicts'>, credential: string): CutoverWave['conflicts'] =>
  wave.conflicts.filter(({ credentials }) => credentials.includes(credential))

export const conflictNames: Readonly<Record<CutoverConflict['kind'], string>> = {
  order: 'order',
  ring: 'ring of needs',
  'owner-load': 'owner’s load',
  freeze: 'freeze',
  job: 'job in the window',
  'no-slot': 'no free slot',
  together: 'only together',
  lead: 'begin sooner',
  gone: 'no longer known',
  past: 'window is over',
  overlap: 'windows overlap',
  exception: 'exception is over',
  step: 'step out of order',
}

export const statusWords: Readonly<Record<PlanStatus, string>> = {
  draft: 'draft',
  ready: 'ready',
  running: 'under way',
  closed: 'closed',
  'rolled-back': 'rolled back',
}

export const needRows: Readonly<Record<SignOffNeed['state'], { glyph: Verdict; word: string }>> = {
  valid: { glyph: 'keeps', word: 'signed' },
  asked: { glyph: 'steps', word: 'asked' },
  missing: { glyph: 'unknown', word: 'not asked' },
  declined: { glyph: 'breaks', word: 'declined' },
  lapsed: { glyph: 'breaks', word: 'lapsed' },
  expired: { glyph: 'breaks', word: 'expired' },
  withdrawn: { glyph: 'breaks', word: 'withdrawn' },
}

export interface SignCount {
  readonly signed: number
  readonly of: number
  readonly lapsed: number
  readonly words: string
}

/** "signed 1/3", "lapsed 1 of 3". `null`: nobody has to sign. */
export function signCount(needs: readonly SignOffNeed[]): SignCount | null {
  if (needs.length === 0) return null
  const signed = needs.filter(({ state }) => state === 'valid').length
  const lapsed = needs.filter(({ state }) => state === 'lapsed' || state === 'expired').length
  const words = lapsed > 0 ? `${exact(lapsed)} lapsed` : `signed ${exact(signed)}/${exact(needs.length)}`
  return { signed, of: needs.length, lapsed, words }
}

export const dutyTitles = {
  approver: 'Approver',
  revoker: 'Revoker',
  'business-owner': 'Business owner',
  'vendor-contact': 'Vendor contact',
  'on-call': 'On call',
} as const

export const credentialsWords = (n: number): string => plural(n, 'credential')

/** Words of the server that begin a line of their own. */
export const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

import type { BlastReply } from '../../../graph/wire.ts'
import { exact, plural } from './verdict.ts'

type Band = BlastReply['bands'][number]

/** Bands the front can stand behind: all but "keeps working". */
export const stopsOf = (bands: readonly Band[]): number =>
  Math.max(1, bands.filter((band) => band.kind !== 'keeps').length)

/** Stop named in the URL, as an index; the default is the first. */
export function stopAt(bands: readonly Band[], id: string): number {
  const found = bands.findIndex((band) => band.id === id)
  return found < 0 || found >= stopsOf(bands) ? 0 : found
}

/** "t + 15 min" on the knob. */
export function knobWords(band: Band, stop: number): string {
  if (stop === 0) return band.title
  if (band.kind === 'event') return band.title
  return band.until === null ? `t, ${band.title}` : `t + ${timeWords(band.until)}`
}

function timeWords(until: number): string {
  if (until < 3_600) return `${Math.round(until / 60)} min`
  return until <= 172_800 ? `${Math.round(until / 3_600)} h` : `${Math.round(until / 86_400)} d`
}

export interface Happened {
  readonly broken: number
  readonly systems: number
}

/** How much is broken once the front has passed this stop. */
export function happenedBy(reply: BlastReply, stop: number): Happened {
  const systems = new Set<number>()
  let broken = 0
  for (const cell of reply.cells) {
    if (cell.band > stop || cell.breaks === 0) continue
    broken += cell.breaks
    systems.add(cell.sys)
  }
  return { broken, systems: systems.size }
}

/** "15 min after: 9 of 67 broken in 5 systems". */
export function frontWords(reply: BlastReply, stop: number): string {
  const band = reply.bands[stop]
  if (!band) return 'nothing to show'
  const { broken, systems } = happenedBy(reply, stop)
  const where = broken === 0 ? '' : ` in ${plural(systems, 'system')}`
  return `${whenWords(band, stop)}: ${exact(broken)} of ${exact(reply.counts.dependents)} broken${where}`
}

function whenWords(band: Band, stop: number): string {
  if (band.kind === 'event') return `After ${lowerFirst(band.title)}`
  if (stop === 0 || band.until === null) return band.title
  return `${timeWords(band.until)} after`
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

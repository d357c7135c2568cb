import type { AroundReply } from '../../../../graph/wire-map.ts'
import { at, place, pushHere } from '../../app/place.ts'
import type { Place } from '../../app/url.ts'

const MOST_TRAIL = 12

/** Address of what stands around the thing the screen shows. `opened` is left out by default: the server opens what is small. */
export function aroundUrl({ id, hidden, opened, trail }: Place): string {
  const query = new URLSearchParams()
  if (hidden.length > 0) query.set('hide', hidden.join(','))
  if (opened.length > 0) query.set('open', opened.join(','))
  if (trail.length > 0) query.set('trail', trail.join(','))
  const text = query.toString()
  return `/api/map/${id}${text === '' ? '' : `?${text}`}`
}

/** Groupings that rows of the matrix have. */
export const mapGroups = [
  ['system', 'System'],
  ['owner', 'Owner or domain'],
  ['tier', 'Tier'],
] as const

interface CellPage {
  readonly row: string
  readonly column: string
  readonly cursor?: number
  readonly needsCursor?: number
}

/** Address of the matrix, or of one page of a cell of it. */
export function mapUrl({ within, group }: Pick<Place, 'within' | 'group'>, cell?: CellPage): string {
  const query = new URLSearchParams()
  if (cell) query.set('row', cell.row)
  if (cell) query.set('column', cell.column)
  if (cell?.cursor) query.set('cursor', String(cell.cursor))
  if (cell?.needsCursor) query.set('needsCursor', String(cell.needsCursor))
  if (group === 'owner' || group === 'tier') query.set('by', group)
  if (within.length > 0) query.set('in', within.join(','))
  const text = query.toString()
  return `${cell ? '/api/map-cell' : '/api/map'}${text === '' ? '' : `?${text}`}`
}

/** One hop on: the thing becomes the focus, and where we were joins the trail. Hidden kinds stay hidden. */
export function hopTo(here: Place, id: string): Place {
  const before = here.trail.indexOf(id)
  const trail = before >= 0 ? here.trail.slice(0, before) : [...here.trail, here.id].filter(Boolean).slice(-MOST_TRAIL)
  return { ...at('map', id), hidden: here.hidden, trail, shows: here.shows }
}

/** What is open now, as the address says it: by the reader's word, else what the server opened by itself. */
const openNow = (reply: AroundReply): string[] =>
  reply.groups.filter(({ page }) => page > 0).map(({ id, page }) => (page === 1 ? id : `${id}*${page}`))

const setOpen = (opened: readonly string[]): void => pushHere({ opened: opened.length === 0 ? ['none'] : opened })

export function toggleGroup(reply: AroundReply, id: string): void {
  const others = openNow(reply).filter((part) => part.split('*')[0] !== id)
  const isOpen = reply.groups.some((group) => group.id === id && group.page > 0)
  setOpen(isOpen ? others : [...others, id])
}

export function turnTo(reply: AroundReply, id: string, page: number): void {
  setOpen(openNow(reply).map((part) => (part.split('*')[0] === id ? `${id}*${page}` : part)))
}

export const foldAll = (): void => setOpen([])

export function toggleKind(kind: string): void {
  const { hidden } = place.peek()
  pushHere({ hidden: hidden.includes(kind) ? hidden.filter((one) => one !== kind) : [...hidden, kind].sort() })
}

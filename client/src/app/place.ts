import { batch, signal } from '@preact/signals'
import { nowhere, readPlace, writePlace, type Place } from './url.ts'

/** Where the screen is. The URL is the only source of view state; this is the URL, read. */
export const place = signal<Place>(readPlace(location.pathname, location.search))

interface Kept {
  readonly scroll: number
  readonly focus: string
}
let restoring: Kept | null = null

/** Another view or subject: nothing of the old view is kept. */
export const at = (view: Place['view'], id = '', part = ''): Place => ({ ...nowhere, view, id, part })

/** Address of a place, for links. */
export const hrefOf = (target: Place): string => writePlace(target)

/** Goes there with one history entry. */
export function push(target: Place): void {
  if (writePlace(target) === writePlace(place.peek())) return
  history.replaceState(keep(), '')
  history.pushState(null, '', writePlace(target))
  place.value = { ...target, misread: [] }
}

/** Same entry, other state: scrubbing and typing. */
export function replace(target: Place): void {
  history.replaceState(history.state, '', writePlace(target))
  place.value = { ...target, misread: [] }
}

/** Changes of the view the screen is in. */
export const pushHere = (change: Partial<Place>): void => push({ ...place.peek(), ...change })
export const replaceHere = (change: Partial<Place>): void => replace({ ...place.peek(), ...change })

const scroller = (): Element | null => document.querySelector('[data-scroller]')
const keep = (): Kept => ({ scroll: scroller()?.scrollTop ?? 0, focus: document.activeElement?.id ?? '' })

/** Called by a view when its content stands: puts scroll and focus back where they were when the place was left. */
export function settled(): void {
  if (!restoring) return
  const { scroll, focus } = restoring
  restoring = null
  requestAnimationFrame(() => {
    const target = focus === '' ? null : document.getElementById(focus)
    target?.focus({ preventScroll: true })
    scroller()?.scrollTo({ top: scroll })
  })
}

export function followHistory(): void {
  addEventListener('popstate', (event) => {
    restoring = (event.state as Kept | null) ?? null
    batch(() => (place.value = readPlace(location.pathname, location.search)))
  })
}

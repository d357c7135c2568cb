import { signal } from '@preact/signals'
import { cleanText } from '../model/clean-name.ts'

/** Where we are in words, and the title of the tab. */
export const crumbs = signal<{ path: readonly string[]; title: string }>({ path: [], title: 'Keyfall' })

/** The credential whose Blast was opened last, for the rail. */
export const lastBlast = signal<string | null>(null)

export function here(path: readonly string[], title: string): void {
  const clean = cleanText(title)
  if (crumbs.peek().title === `${clean} · Keyfall` && crumbs.peek().path.join('/') === path.join('/')) return
  crumbs.value = { path, title: clean === '' ? 'Keyfall' : `${clean} · Keyfall` }
}

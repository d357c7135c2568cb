import { useLayoutEffect, useRef } from 'preact/hooks'
import type { FrontRow } from '../../model/fold.ts'
import { glyphPlaces } from '../../model/whatif-diff.ts'

const GLIDE_MS = 240

/**
 * Glyphs slide along x from where they stood to where they stand, when `key` changes and only then. Under reduced motion
 * they change place at once. Places come from the model: nothing is measured.
 */
export function useGlide(
  grid: { readonly current: HTMLTableElement | null },
  rows: readonly FrontRow[],
  perLine: number,
  column: number,
  key: string,
): void {
  const before = useRef<{ places: ReturnType<typeof glyphPlaces>; key: string; column: number } | null>(null)
  useLayoutEffect(() => {
    const places = glyphPlaces(rows, perLine, column)
    const old = before.current
    before.current = { places, key, column }
    if (!old || old.key === key || old.column !== column) return
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    for (const row of grid.current?.querySelectorAll<HTMLElement>('tr[data-row]') ?? []) {
      for (const glyph of row.querySelectorAll('use[data-member]')) {
        const id = `${row.dataset['row']} ${glyph.getAttribute('data-member')}`
        const [from, to] = [old.places.get(id), places.get(id)]
        if (!from || !to || from.x === to.x) continue
        glyph.animate([{ transform: `translateX(${from.x - to.x}px)` }, { transform: 'translateX(0)' }], {
          duration: GLIDE_MS,
          easing: 'ease-out',
        })
      }
    }
  }, [rows, key, column, perLine])
}

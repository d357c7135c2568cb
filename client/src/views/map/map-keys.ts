/**
 * Arrow keys in the columns: one tab stop, up and down within a column, left and right to the nearest of the next one.
 * Everything that can be reached carries `data-column` (0 upstream, 1 focus, 2 downstream).
 */
export function moveInColumns(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const from = (event.target as Element).closest<HTMLElement>('[data-column]')
  if (!from || event.ctrlKey || event.metaKey || event.altKey) return
  const next = targetOf(event.currentTarget, from, event.key)
  if (!next) return
  event.preventDefault()
  for (const other of event.currentTarget.querySelectorAll<HTMLElement>('[data-column][tabindex="0"]'))
    other.tabIndex = -1
  next.tabIndex = 0
  next.focus()
}

function targetOf(picture: HTMLElement, from: HTMLElement, key: string): HTMLElement | null {
  const column = Number(from.dataset['column'])
  const inColumn = (n: number): HTMLElement[] => [
    ...picture.querySelectorAll<HTMLElement>(`[data-column="${n}"]:not(:disabled)`),
  ]
  const mine = inColumn(column)
  const at = mine.indexOf(from)
  if (key === 'ArrowDown') return mine[at + 1] ?? null
  if (key === 'ArrowUp') return mine[at - 1] ?? null
  if (key === 'Home') return mine[0] ?? null
  if (key === 'End') return mine.at(-1) ?? null
  const by = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0
  for (let n = column + by; by !== 0 && n >= 0 && n <= 2; n += by) {
    const found = nearest(inColumn(n), from)
    if (found) return found
  }
  return null
}

function nearest(candidates: readonly HTMLElement[], from: HTMLElement): HTMLElement | null {
  const y = from.getBoundingClientRect().top
  const far = (one: HTMLElement): number => Math.abs(one.getBoundingClientRect().top - y)
  return candidates.reduce<HTMLElement | null>((best, one) => (best && far(best) <= far(one) ? best : one), null)
}

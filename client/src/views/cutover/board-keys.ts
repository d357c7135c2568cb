/**
 * Arrow keys of the board: up and down within a wave, left and right to the nearest of the next one. Everything that
 * can be reached carries `data-spot`, the number of its wave. Tab goes through all of them too.
 */
export function boardKeys(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const from = (event.target as Element).closest<HTMLElement>('[data-spot]')
  if (!from || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return
  const next = target(event.currentTarget, from, event.key)
  if (!next) return
  event.preventDefault()
  next.focus()
  next.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

function target(board: HTMLElement, from: HTMLElement, key: string): HTMLElement | null {
  const inWave = (n: number): HTMLElement[] => [...board.querySelectorAll<HTMLElement>(`[data-spot="${n}"]`)]
  const wave = Number(from.dataset['spot'])
  const mine = inWave(wave)
  const at = mine.indexOf(from)
  if (key === 'ArrowDown') return mine[at + 1] ?? null
  if (key === 'ArrowUp') return mine[at - 1] ?? null
  if (key === 'Home') return mine[0] ?? null
  if (key === 'End') return mine.at(-1) ?? null
  const by = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0
  if (by === 0) return null
  const other = inWave(wave + by)
  return other[Math.min(at, other.length - 1)] ?? null
}

/** Id of the credential whose card is focused. */
export const focusedCard = (): string | undefined =>
  document.activeElement?.closest('.wave-card')?.querySelector<HTMLElement>('[data-credential]')?.dataset['credential']

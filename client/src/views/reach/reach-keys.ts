/** Arrows between boxes: up and down in a column, left and right to the nearest of the next one. One tab stop. */
export function moveInColumns(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const box = (event.target as Element).closest<HTMLElement>('button.reach-box')
  if (!box) return
  const columns = [...event.currentTarget.querySelectorAll('[data-column]')].map((column) => [
    ...column.querySelectorAll<HTMLElement>('button.reach-box'),
  ])
  const next = target(columns, box, event.key)
  if (!next) return
  event.preventDefault()
  for (const other of columns.flat()) other.tabIndex = -1
  next.tabIndex = 0
  next.focus()
}

function target(columns: readonly HTMLElement[][], box: HTMLElement, key: string): HTMLElement | undefined {
  const x = columns.findIndex((column) => column.includes(box))
  const y = columns[x]!.indexOf(box)
  const nearest = (column: readonly HTMLElement[] | undefined): HTMLElement | undefined =>
    column?.toSorted((a, b) => Math.abs(a.offsetTop - box.offsetTop) - Math.abs(b.offsetTop - box.offsetTop))[0]
  switch (key) {
    case 'ArrowDown':
      return columns[x]![y + 1]
    case 'ArrowUp':
      return columns[x]![y - 1]
    case 'ArrowRight':
      return nearest(columns.slice(x + 1).find((column) => column.length > 0))
    case 'ArrowLeft':
      return nearest(columns.slice(0, x).findLast((column) => column.length > 0))
    case 'Home':
      return columns.flat()[0]
    case 'End':
      return columns.flat().at(-1)
    default:
      return undefined
  }
}

/** Arrow keys of the ARIA grid pattern: one tab stop, arrows inside, empty cells are passed over. */
export function moveInGrid(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const cell = (event.target as Element).closest<HTMLElement>('button.cell')
  if (!cell) return
  const lines = linesOf(event.currentTarget)
  const y = lines.findIndex((line) => line.includes(cell))
  const x = lines[y]!.indexOf(cell)
  const next = target(lines, x, y, event)
  if (!next) return
  event.preventDefault()
  focusCell(event.currentTarget, next)
}

/** Makes this cell the tab stop of its grid and focuses it. */
export function focusCell(grid: HTMLElement, cell: HTMLElement): void {
  for (const other of grid.querySelectorAll<HTMLElement>('button.cell[tabindex="0"]')) other.tabIndex = -1
  cell.tabIndex = 0
  cell.focus()
}

type Lines = readonly (readonly (HTMLElement | null)[])[]

const linesOf = (grid: HTMLElement): Lines =>
  [...grid.querySelectorAll('tbody tr:not(.more)')].map((row) =>
    [...row.querySelectorAll('td')].map((cell) => cell.querySelector<HTMLElement>('button.cell')),
  )

function target(lines: Lines, x: number, y: number, event: KeyboardEvent): HTMLElement | null {
  const far = event.ctrlKey || event.metaKey
  const line = lines[y]!
  const all = lines.flat().filter((cell) => cell !== null)
  const inLine = line.filter((cell) => cell !== null)
  const inColumn = lines.map((other) => other[x] ?? null)
  switch (event.key) {
    case 'ArrowRight':
      return line.slice(x + 1).find((cell) => cell !== null) ?? null
    case 'ArrowLeft':
      return line.slice(0, x).findLast((cell) => cell !== null) ?? null
    case 'ArrowDown':
      return inColumn.slice(y + 1).find((cell) => cell !== null) ?? nearest(lines.slice(y + 1), x)
    case 'ArrowUp':
      return inColumn.slice(0, y).findLast((cell) => cell !== null) ?? nearest(lines.slice(0, y).toReversed(), x)
    case 'Home':
      return (far ? all : inLine)[0] ?? null
    case 'End':
      return (far ? all : inLine).at(-1) ?? null
    default:
      return null
  }
}

/** Where a column holds nothing further: the closest cell of the next row that has one. */
function nearest(lines: Lines, x: number): HTMLElement | null {
  const line = lines.find((candidate) => candidate.some((cell) => cell !== null))
  if (!line) return null
  const places = line.map((cell, i) => ({ cell, far: Math.abs(i - x) })).filter(({ cell }) => cell !== null)
  return places.sort((a, b) => a.far - b.far)[0]?.cell ?? null
}

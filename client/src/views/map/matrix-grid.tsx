import type { MapReply, MapRow } from '../../../../graph/wire-map.ts'
import { at, place, pushHere } from '../../app/place.ts'
import type { Place } from '../../app/url.ts'
import { plural } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { OneLine } from '../../ui/one-line.tsx'
import { openDrawer } from '../../ui/panel.tsx'
import { moveInGrid } from '../blast/grid-keys.ts'
import { cellWords } from './map-words.ts'

const LEAST_INK = 4
const MOST_INK = 18

/** The matrix as a table: the more two systems share, the larger the square, by the root; a frame says the row needs the column. */
export function MatrixGrid({ answer, fitted }: { answer: MapReply; fitted: boolean }) {
  const { rows, cells } = answer
  const most = Math.max(1, ...cells.map(([, , shared]) => shared))
  const byRow = rows.map(() => new Map<number, MapReply['cells'][number]>())
  for (const cell of cells) byRow[cell[0]]!.set(cell[1], cell)
  const first = cells[0]
  return (
    <>
      <div class="matrix-scroll" role="region" aria-label="Systems by systems" tabIndex={0}>
        <table
          class={fitted ? 'matrix fitted' : 'matrix'}
          role="grid"
          aria-label="Systems by systems"
          onKeyDown={moveInGrid}
        >
          <thead>
            <tr>
              <td class="corner mut">Row needs column</td>
              {rows.map((row, x) => (
                <th scope="col" key={row.id} class={x > 0 && row.domain !== rows[x - 1]!.domain ? 'domain' : undefined}>
                  <Link to={placeOfRow(row)}>
                    <OneLine value={row.name} beside={rows} />
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, y) => (
              <tr key={row.id} class={y > 0 && row.domain !== rows[y - 1]!.domain ? 'domain' : undefined}>
                <RowHead row={row} rows={rows} />
                {rows.map((column, x) => {
                  const cell = byRow[y]!.get(x)
                  return (
                    <td
                      role="gridcell"
                      key={column.id}
                      class={x === y ? 'same' : x > 0 && column.domain !== rows[x - 1]!.domain ? 'domain' : undefined}
                    >
                      {cell && <Cell row={row} column={column} cell={cell} most={most} tabStop={cell === first} />}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="mut map-key">
        <span class="ink" style={{ width: '6px', height: '6px' }} /> <span class="ink big" /> shared credentials, by the
        root of their number <span class="ink framed" /> the row depends on the column
      </p>
    </>
  )
}

/** A system opens what stands around it, a fold its systems. */
export const placeOfRow = (row: MapRow): Place =>
  row.kind === 'system'
    ? at('map', row.id)
    : { ...at('map'), group: place.value.group, within: [...place.value.within, row.id] }

export const rowWords = ({ kind, domain, tier, systems, credentials }: MapRow): string =>
  [
    kind === 'fold' ? plural(systems, 'system') : (domain ?? 'owner unknown'),
    kind === 'system' && tier !== null && `tier ${tier}`,
    plural(credentials, 'credential'),
  ]
    .filter(Boolean)
    .join(' · ')

function RowHead({ row, rows }: { row: MapRow; rows: readonly MapRow[] }) {
  return (
    <th scope="row">
      <Link to={placeOfRow(row)} id={`system-${row.id}`}>
        <OneLine value={row.name} beside={rows} />
      </Link>
      <span class="mut sub">
        <Name value={rowWords(row)} tip />
      </span>
    </th>
  )
}

interface CellProps {
  readonly row: MapRow
  readonly column: MapRow
  readonly cell: MapReply['cells'][number]
  readonly most: number
  readonly tabStop: boolean
}

function Cell({ row, column, cell: [, , shared, needs], most, tabStop }: CellProps) {
  const id = `${row.id}.${column.id}`
  const side = shared === 0 ? 0 : 2 * Math.round((LEAST_INK + (MOST_INK - LEAST_INK) * Math.sqrt(shared / most)) / 2)
  const words = cellWords(row, column, shared, needs)
  return (
    <button
      type="button"
      class={needs > 0 ? 'cell needs' : 'cell'}
      id={`cell-${id}`}
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={place.value.cell === id}
      aria-label={words}
      title={words}
      onClick={() => {
        pushHere({ cell: place.peek().cell === id ? '' : id })
        openDrawer()
      }}
    >
      {shared > 0 && <span class="ink" style={{ width: `${side}px`, height: `${side}px` }} />}
    </button>
  )
}

import { useState } from 'preact/hooks'
import type { MapReply } from '../../../../graph/wire-map.ts'
import { place, pushHere } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { openDrawer } from '../../ui/panel.tsx'
import { cellWords } from './map-words.ts'
import { placeOfRow } from './matrix-grid.tsx'

const PAGE = 200

/** The cells of the matrix as rows, in its order; then the systems that stand alone. Also what a narrow screen shows. */
export function PairsTable({ answer }: { answer: MapReply }) {
  const [shown, setShown] = useState(PAGE)
  const { rows, cells } = answer
  const alone = rows.filter((_, at) => cells.every(([row, column]) => row !== at && column !== at))
  return (
    <>
      <div class="table-scroll" role="region" aria-label="Pairs of systems" tabIndex={0}>
        <table class="pairs">
          <thead>
            <tr>
              <th scope="col">System</th>
              <th scope="col">With</th>
              <th scope="col" class="number">
                Shared
              </th>
              <th scope="col" class="number">
                Needs it
              </th>
              <th scope="col">
                <span class="hidden-words">List</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {cells.slice(0, shown).map(([y, x, shared, needs]) => {
              const [row, column] = [rows[y]!, rows[x]!]
              const id = `${row.id}.${column.id}`
              return (
                <tr key={id} class={place.value.cell === id ? 'chosen' : undefined}>
                  <th scope="row">
                    <Link to={placeOfRow(row)}>
                      <Name value={row.name} tip />
                    </Link>
                  </th>
                  <td>
                    <Link to={placeOfRow(column)}>
                      <Name value={column.name} tip />
                    </Link>
                  </td>
                  <td class="number">{exact(shared)}</td>
                  <td class="number">{exact(needs)}</td>
                  <td>
                    <button
                      type="button"
                      class="quiet"
                      aria-pressed={place.value.cell === id}
                      aria-label={`List: ${cellWords(row, column, shared, needs)}`}
                      onClick={() => {
                        pushHere({ cell: id })
                        openDrawer()
                      }}
                    >
                      List
                    </button>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {shown < cells.length && (
        <p class="more">
          <button type="button" onClick={() => setShown(shown + PAGE)}>
            Show more
          </button>{' '}
          <span class="mut">
            {exact(shown)} of {exact(cells.length)}
          </span>
        </p>
      )}
      {alone.length > 0 && (
        <section class="alone">
          <h2>
            Share and need nothing <span class="count">{exact(alone.length)}</span>
          </h2>
          <ul>
            {alone.map((row) => (
              <li key={row.id}>
                <Link to={placeOfRow(row)}>
                  <Name value={row.name} tip />
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

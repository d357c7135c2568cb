import { useState } from 'preact/hooks'
import { MapCellReply, type MapReply } from '../../../../graph/wire-map.ts'
import { edition } from '../../api/live.ts'
import { useReply } from '../../api/use-reply.ts'
import { at, place } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { placeOf } from '../../ui/hit-row.tsx'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bars, Region } from '../../ui/region.tsx'
import { strengthWords } from '../blast/strength.ts'
import { mapUrl } from './map-place.ts'

/** What stands behind the chosen cell: the shared credentials and the dependencies, by name. */
export function CellPanel({ answer }: { answer: MapReply }) {
  const [row = '', column = ''] = place.value.cell.split('.')
  const known = answer.rows.some(({ id }) => id === row) && answer.rows.some(({ id }) => id === column)
  return (
    <Panel label="What stands behind a cell">
      {known ? (
        <Behind key={`${row} ${column}`} row={row} column={column} />
      ) : (
        <p class="mut map-hint">Choose a square to see which credentials two systems share, and what needs what.</p>
      )}
    </Panel>
  )
}

function Behind({ row, column }: { row: string; column: string }) {
  const [start, setStart] = useState({ cursor: 0, needsCursor: 0 })
  const url = mapUrl(place.value, { row, column, ...start })
  const reply = useReply(MapCellReply, url, `cell ${edition.value} ${row} ${column}`)
  return (
    <Region reply={reply} skeleton={<Bars rows={5} height={40} />}>
      {(cell) => (
        <div class="behind">
          <h2>
            <Name value={cell.row.name} /> and <Name value={cell.column.name} />
          </h2>
          <h3>
            Shared credentials <span class="count">{exact(cell.shared)}</span>
          </h3>
          {cell.shared === 0 && <p class="mut">None that any source shows.</p>}
          <ul class="things">
            {cell.credentials.map((thing) => (
              <li key={thing.id}>
                <span class="grow">
                  <Link to={placeOf(thing)}>
                    <Name value={thing.name} tip />
                  </Link>
                  <span class="mut sub">{thing.title}</span>
                </span>
                <Link to={at('map', thing.id)} label={`${thing.name} in the map`}>
                  Map
                </Link>
              </li>
            ))}
          </ul>
          <Pages
            what="credentials"
            start={start.cursor}
            shown={cell.credentials.length}
            of={cell.shared}
            turn={(cursor) => setStart({ ...start, cursor })}
          />
          <h3>
            <Name value={cell.row.name} /> depends on <Name value={cell.column.name} />{' '}
            <span class="count">{exact(cell.dependencies)}</span>
          </h3>
          {cell.dependencies === 0 && <p class="mut">In no way that any source shows.</p>}
          <ul class="things">
            {cell.needs.map(({ from, to, strength }) => (
              <li key={`${from.id} ${to.id}`}>
                <span class="grow">
                  <Link to={at('map', from.id)}>
                    <Name value={from.name} tip />
                  </Link>{' '}
                  depends on{' '}
                  <Link to={at('map', to.id)}>
                    <Name value={to.name} tip />
                  </Link>
                  <span class="mut sub">{strengthWords[strength].word}</span>
                </span>
              </li>
            ))}
          </ul>
          <Pages
            what="dependencies"
            start={start.needsCursor}
            shown={cell.needs.length}
            of={cell.dependencies}
            turn={(needsCursor) => setStart({ ...start, needsCursor })}
          />
        </div>
      )}
    </Region>
  )
}

/** As the server pages. */
const PAGE = 200

interface PagesProps {
  readonly what: string
  readonly start: number
  readonly shown: number
  readonly of: number
  readonly turn: (cursor: number) => void
}

function Pages({ what, start, shown, of, turn }: PagesProps) {
  if (of <= PAGE) return null
  return (
    <p class="map-pager">
      <button
        type="button"
        disabled={start === 0}
        aria-label={`Previous ${PAGE} ${what}`}
        onClick={() => turn(Math.max(0, start - PAGE))}
      >
        ‹
      </button>
      <span class="mut">
        {exact(start + 1)}–{exact(start + shown)} of {exact(of)}
      </span>
      <button
        type="button"
        disabled={start + shown >= of}
        aria-label={`Next ${PAGE} ${what}`}
        onClick={() => turn(start + PAGE)}
      >
        ›
      </button>
    </p>
  )
}

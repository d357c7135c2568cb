import { useMemo, useRef, useState } from 'preact/hooks'
import type { AroundReply } from '../../../../graph/wire-map.ts'
import { exact } from '../../model/verdict.ts'
import { FocusBox, GroupButton, Pager, ThingLink } from './boxes.tsx'
import { moveInColumns } from './map-keys.ts'
import { GUTTER, mapLayout, type MapBox, type MapColumn, type MapPath } from './map-layout.ts'
import { useScrolled } from './use-scrolled.ts'
import { natureWords, sideWords, verbsOf, type Side } from './map-words.ts'

/** The picture: two columns of boxes and the focus between them, joined by lines in the gutters. */
export function Columns({ answer }: { answer: AroundReply }) {
  const frame = useRef<HTMLDivElement>(null)
  const scrolled = useScrolled(frame)
  const layout = useMemo(() => mapLayout(answer, scrolled), [answer, scrolled])
  const [lit, setLit] = useState('')
  return (
    <div ref={frame} class="map-columns" onKeyDown={moveInColumns} onMouseLeave={() => setLit('')}>
      <Column answer={answer} side="up" column={layout.up} lit={lit} light={setLit} />
      <Gutter side="up" column={layout.up} lit={lit} />
      <div class="map-middle">
        <h2>Focus</h2>
        <div class="map-boxes" style={{ height: `${layout.height}px` }}>
          <div class="map-focus" style={{ top: `${layout.focusTop}px` }}>
            <FocusBox answer={answer} />
          </div>
        </div>
      </div>
      <Gutter side="down" column={layout.down} lit={lit} />
      <Column answer={answer} side="down" column={layout.down} lit={lit} light={setLit} />
    </div>
  )
}

interface ColumnProps {
  readonly answer: AroundReply
  readonly side: Side
  readonly column: MapColumn
  readonly lit: string
  readonly light: (id: string) => void
}

function Column({ answer, side, column, lit, light }: ColumnProps) {
  return (
    <section class="map-column" aria-label={`${sideWords[side].title}, ${exact(answer[side])}`}>
      <h2>
        {sideWords[side].title} <span class="count">{exact(answer[side])}</span>
      </h2>
      <div class="map-boxes" style={{ height: `${column.height}px` }}>
        {column.boxes.length === 0 && <p class="mut map-none">{sideWords[side].none}</p>}
        {column.boxes.map((box) => (
          <div
            key={box.id}
            class={`map-box ${box.box}${lit === box.id ? ' lit' : ''}`}
            style={{ top: `${box.top}px`, height: `${box.height}px` }}
            onMouseEnter={() => light(box.id)}
            onFocusIn={() => light(box.id)}
          >
            <Box answer={answer} side={side} box={box} />
          </div>
        ))}
      </div>
    </section>
  )
}

function Box({ answer, side, box }: { answer: AroundReply; side: Side; box: MapBox }) {
  const column = side === 'up' ? 0 : 2
  if (box.box === 'nature') return <h3>{natureWords[side][box.nature]}</h3>
  if (box.box === 'group') return <GroupButton answer={answer} group={box.group} column={column} />
  if (box.box === 'pager') return <Pager answer={answer} group={box.group} column={column} />
  return <ThingLink thing={box.thing} beside={box.group.things} column={column} />
}

/** The lines of one side; drawn in a box of fixed width and stretched, so that no width is ever measured. */
function Gutter({ side, column, lit }: { side: Side; column: MapColumn; lit: string }) {
  const label = column.boxes.find((box) => box.id === lit)
  return (
    <div class={`map-gutter ${side}`} aria-hidden="true">
      <svg
        viewBox={`0 0 ${GUTTER} ${column.height}`}
        preserveAspectRatio="none"
        style={{ height: `${column.height}px` }}
      >
        {column.paths.map((path) => (
          <path
            key={path.id}
            d={path.d}
            class={[path.line, path.dense && 'dense', isLit(path, lit) && 'lit'].filter(Boolean).join(' ')}
            style={{ strokeWidth: `${path.width}px` }}
          />
        ))}
      </svg>
      {column.bundled > 0 && (
        <span class="bundled" title="Too many to be told apart: one line a group stands for all that it holds.">
          {exact(column.bundled)} lines bundled
        </span>
      )}
      {label?.box === 'thing' && (
        <span class="verb" style={{ top: `${label.top + label.height / 2}px` }}>
          {verbsOf(label.thing)}
        </span>
      )}
    </div>
  )
}

/** A bundle lights up with each thing of its group. */
const isLit = (path: MapPath, lit: string): boolean =>
  path.id === lit || (path.bundle > 1 && lit.startsWith(`${path.id} `))

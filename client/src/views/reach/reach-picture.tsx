import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ReachReply } from '../../../../graph/wire.ts'
import { place } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { OneLine } from '../../ui/one-line.tsx'
import type { ReachGraph, Routes } from '../../viz/reach-graph.ts'
import { BOX_HEIGHT, reachLayout, type BoxMark, type ReachLayout, type StackMark } from '../../viz/reach-layout.ts'
import { moveInColumns } from './reach-keys.ts'
import { choose, toggleStack } from './choose.ts'
import { ReachLists } from './reach-lists.tsx'
import { ReachTable } from './reach-table.tsx'
import { boxSub, boxWords, stackTitle, titleOf } from './reach-words.ts'

interface PictureProps {
  readonly reply: ReachReply
  readonly graph: ReachGraph
  readonly removed: ReadonlySet<number>
  readonly routes: Routes
}

const NARROW = 640

/** Columns from the thing to the crown jewels; narrow screens get lists, `T` the table of the same. */
export function ReachPicture({ reply, graph, removed, routes }: PictureProps) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const { shows, mode, opened } = place.value
  const folds = opened.join(',')
  const narrow = width > 0 && width < NARROW
  const layout = useMemo(
    () => reachLayout(graph, { width: Math.max(width, NARROW), mode, opened: folds.split(','), removed, routes }),
    [graph, width, mode, folds, removed, routes],
  )
  return (
    <div ref={frame} class="picture reach-picture">
      {shows === 'table' ? (
        <ReachTable reply={reply} graph={graph} layout={layout} />
      ) : narrow ? (
        <ReachLists reply={reply} graph={graph} layout={layout} />
      ) : (
        width > 0 && <Flow reply={reply} graph={graph} layout={layout} />
      )}
      <Legend layout={layout} shows={shows} />
    </div>
  )
}

interface FlowProps {
  readonly reply: ReachReply
  readonly graph: ReachGraph
  readonly layout: ReachLayout
}

function Flow({ reply, graph, layout }: FlowProps) {
  const stop = layout.boxes.find((mark) => mark.id === place.value.selected) ?? layout.boxes[0]!
  return (
    <div class="flow" style={{ height: `${layout.height}px` }} onKeyDown={moveInColumns}>
      <svg class="flow-edges" width={layout.width} height={layout.height} aria-hidden="true" focusable="false">
        {layout.edges.map((edge) => (
          <path
            key={edge.id}
            d={edge.d}
            class={`reach-edge ${edge.state}${edge.used ? ' used' : ''}${edge.routes === 0 ? ' aside' : ''}`}
            style={{ strokeWidth: `${edge.width}px` }}
          />
        ))}
        {layout.edges
          .filter(({ state }) => state === 'cut')
          .map(({ id, mark: [x, y] }) => (
            <g key={id} class="cut-mark" transform={`translate(${x} ${y})`}>
              <circle r="8" />
              <path d="M-3 -3l6 6M3 -3l-6 6" />
            </g>
          ))}
      </svg>
      {layout.columns.map((column, at) => (
        <div key={column.id} class="flow-column" role="group" aria-labelledby={`column-${column.id}`} data-column={at}>
          <h3 id={`column-${column.id}`} style={{ left: `${column.x}px` }}>
            {titleOf(column.id, reply.counts.jewels)}
          </h3>
          {layout.boxes
            .filter((mark) => mark.column === at)
            .map((mark) =>
              mark.kind === 'box' ? (
                <Box key={mark.id} graph={graph} mark={mark} stop={mark === stop} />
              ) : (
                <Stack key={mark.id} graph={graph} mark={mark} stop={mark === stop} />
              ),
            )}
        </div>
      ))}
    </div>
  )
}

const boxAt = ({ x, y, width }: BoxMark | StackMark) => ({
  left: `${x}px`,
  top: `${y}px`,
  width: `${width}px`,
  height: `${BOX_HEIGHT}px`,
})

function Box({ graph, mark, stop }: { graph: ReachGraph; mark: BoxMark; stop: boolean }) {
  const node = graph.nodes[mark.node]!
  const used = node.used && place.value.mode !== 'can'
  const classes = [
    'reach-box',
    mark.column === 0 ? 'own' : '',
    node.jewel ? 'jewel' : '',
    used ? 'seen-used' : '',
    mark.cut ? 'cut' : '',
    mark.leads || mark.column === 0 ? '' : 'aside',
  ]
  return (
    <button
      type="button"
      id={`box-${node.id}`}
      class={classes.filter(Boolean).join(' ')}
      style={boxAt(mark)}
      tabIndex={stop ? 0 : -1}
      aria-pressed={place.value.selected === node.id}
      onClick={() => choose(node.id)}
    >
      <span class="reach-name">
        {node.jewel && <i aria-hidden="true">◆ </i>}
        <OneLine value={node.name} beside={graph.nodes} />
      </span>
      <span class="reach-sub" aria-hidden="true" title={boxSub(node, mark.cut)}>
        {boxSub(node, mark.cut)}
      </span>
      <span class="hidden-words">
        {boxWords(
          node,
          mark,
          mark.within.map((one) => graph.nodes[one]!),
        )}
      </span>
    </button>
  )
}

function Stack({ graph, mark, stop }: { graph: ReachGraph; mark: StackMark; stop: boolean }) {
  const { title, sub, tip } = stackTitle(graph, mark)
  return (
    <button
      type="button"
      id={`stack-${mark.id}`}
      class={`reach-box stack${mark.leads === 0 ? ' aside' : ''}${mark.cut ? ' cut' : ''}`}
      style={boxAt(mark)}
      tabIndex={stop ? 0 : -1}
      aria-expanded={mark.opened}
      title={tip}
      onClick={() => toggleStack(mark)}
    >
      <span class="reach-name">{title}</span>
      <span class="reach-sub">
        {!mark.opened
          ? sub
          : mark.shown >= mark.nodes.length
            ? 'all shown · choose to close'
            : `${exact(mark.shown)} shown · choose for more`}
      </span>
    </button>
  )
}

function Legend({ layout, shows }: { layout: ReachLayout; shows: 'picture' | 'table' }) {
  const parts = ['Line width: number of paths (log)']
  if (layout.boxes.some((mark) => mark.kind === 'box' && mark.column > 0 && !mark.leads))
    parts.push('Pale: no onward path')
  if (layout.edges.some(({ used }) => used)) parts.push('Red: logs show use')
  if (layout.edges.some(({ state }) => state !== 'open')) parts.push('Dotted: cut by a ticked action')
  parts.push('Diamond: crown jewel')
  if (layout.undrawn > 0) parts.push(`${exact(layout.undrawn)} links back or inside a column are in the table only`)
  return <p class="mut reach-legend">{shows === 'picture' ? `${parts.join('. ')}.` : ''}</p>
}

/** Width of the element, px; 0 before it is laid out. */
function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const node = element.current
    if (!node) return
    setWidth(node.clientWidth)
    const observer = new ResizeObserver(() => setWidth(node.clientWidth))
    observer.observe(node)
    return () => observer.disconnect()
  }, [])
  return width
}

import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ReachReply } from '../../../../graph/wire.ts'
import { cleanText } from '../../model/clean-name.ts'
import { place, pushHere } from '../../app/place.ts'
import { exact } from '../../model/verdict.ts'
import { Name } from '../../ui/name.tsx'
import { curveLayout, labelOf } from '../../viz/curve-layout.ts'
import { tickedOptions } from './reach-queries.ts'
import type { Together } from './together.ts'

const NARROW = 480

/** What containment costs: the best next action each time, as a step curve or as its table. */
export function CostCurve({ reply, together }: { reply: ReachReply; together: Together }) {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const node = frame.current
    if (!node) return
    setWidth(node.clientWidth)
    const observer = new ResizeObserver(() => setWidth(node.clientWidth))
    observer.observe(node)
    return () => observer.disconnect()
  }, [])
  if (reply.containment.curve.length === 0) return null
  const asTable = place.value.shows === 'table' || (width > 0 && width < NARROW)
  return (
    <section class="cost" aria-labelledby="cost">
      <header>
        <h2 id="cost">What containment costs</h2>
        <p class="mut grow">Each step: the best next action for the least breakage</p>
        <div class="switch" role="group" aria-label="Cost as">
          <button type="button" aria-pressed={!asTable} onClick={() => pushHere({ shows: 'picture' })}>
            Curve
          </button>
          <button type="button" aria-pressed={asTable} onClick={() => pushHere({ shows: 'table' })}>
            Table <kbd>T</kbd>
          </button>
        </div>
      </header>
      <div ref={frame}>
        {asTable ? <Steps reply={reply} /> : width > 0 && <Curve reply={reply} width={width} together={together} />}
      </div>
    </section>
  )
}

function Curve({ reply, width, together }: { reply: ReachReply; width: number; together: Together }) {
  const { curve, routes } = reply.containment
  const { height, d, points, ticksX, ground, left, now } = curveLayout(curve, routes, width, nowOf(together))
  const ticked = new Set(tickedOptions(reply).map(({ title }) => title))
  return (
    <svg
      class="cost-curve"
      width={width}
      height={height}
      role="img"
      aria-label={`Paths cut over dependants broken, in ${points.length} steps; the table has the same`}
    >
      <line class="axis" x1={left} x2={width - 20} y1={ground} y2={ground} />
      <text x={0} y={10}>
        paths cut
      </text>
      <text x={left - 8} y={points.length > 0 ? Math.min(...points.map(({ y }) => y)) + 4 : 0} text-anchor="end">
        {exact(points.at(-1)?.routes ?? 0)}
      </text>
      <text x={left - 8} y={ground + 4} text-anchor="end">
        0
      </text>
      {ticksX.map(({ value, x }) => (
        <text key={value} x={x} y={ground + 14} text-anchor="middle">
          {exact(value)}
        </text>
      ))}
      <text x={width - 20} y={height - 2} text-anchor="end">
        dependants that break or may break
      </text>
      <path class="step-line" d={d} />
      {points.map((point, at) => (
        <g key={at}>
          <circle class={ticked.has(point.title) ? 'point on' : 'point'} cx={point.x} cy={point.y} r="4.5">
            <title>{`${cleanText(point.title)}: ${exact(point.routes)} paths cut, ${exact(point.broken)} dependants`}</title>
          </circle>
          {point.label && (
            <text class="said-at" x={point.label.x} y={point.label.y} text-anchor={point.label.anchor}>
              {cleanText(labelOf(point.title, point.routes))}
            </text>
          )}
        </g>
      ))}
      {now && (
        <g class="now-at" transform={`translate(${now.x} ${now.y})`}>
          <path d="M0 -7l7 7l-7 7l-7 -7z" />
          <title>{`What is ticked: ${exact(together.cut)} paths cut, ${exact(now.cost)} dependants${together.by === 'server' ? '' : ' at least'}`}</title>
        </g>
      )}
    </svg>
  )
}

/** Where the ticked set stands; it may be none of the steps of the curve. */
const nowOf = ({ ticked, price, cut }: Together) =>
  ticked.length === 0 ? null : { cost: price.breaks + price.unknown, routes: cut }

function Steps({ reply }: { reply: ReachReply }) {
  const ticked = new Set(tickedOptions(reply).map(({ title }) => title))
  return (
    <div class="table-scroll" role="region" aria-label="What containment costs, as a table" tabIndex={0}>
      <table class="cost-table">
        <thead>
          <tr>
            <th scope="col">Action, after those above</th>
            <th scope="col" class="number">
              Break
            </th>
            <th scope="col" class="number">
              Unknown
            </th>
            <th scope="col" class="number">
              Paths cut
            </th>
            <th scope="col" class="number">
              Still in reach
            </th>
          </tr>
        </thead>
        <tbody>
          {reply.containment.curve.map((step, at) => (
            <tr key={at} class={ticked.has(step.title) ? 'chosen' : undefined}>
              <th scope="row">
                <Name value={step.title} />
              </th>
              <td class="number">{exact(step.price.breaks)}</td>
              <td class="number">{exact(step.price.unknown)}</td>
              <td class="number">
                {exact(step.routes)} of {exact(reply.containment.routes)}
              </td>
              <td class="number">{exact(step.targetsLeft)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

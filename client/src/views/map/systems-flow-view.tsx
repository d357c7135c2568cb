import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { MapReply } from '../../../../graph/wire-map.ts'
import { exact } from '../../model/verdict.ts'
import { Link } from '../../ui/link.tsx'
import { Name } from '../../ui/name.tsx'
import { FLOW_BOX, systemsFlow } from '../../viz/systems-flow.ts'
import { placeOfRow, rowWords } from './matrix-grid.tsx'

/** Up to 20 systems in layers: whoever needs stands left of what it needs. */
export function SystemsFlowView({ answer }: { answer: MapReply }) {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  const [lit, setLit] = useState(-1)
  useLayoutEffect(() => {
    const node = frame.current
    if (!node) return
    setWidth(node.clientWidth)
    const observer = new ResizeObserver(() => setWidth(node.clientWidth))
    observer.observe(node)
    return () => observer.disconnect()
  }, [])
  const flow = useMemo(() => systemsFlow(answer, Math.max(320, width - 40)), [answer, width])
  return (
    <>
      <div ref={frame} class="systems-flow" role="region" aria-label="Systems in layers" tabIndex={0}>
        <div
          class="systems-flow-inner"
          style={{ width: `${flow.width}px`, height: `${flow.height}px` }}
          onMouseLeave={() => setLit(-1)}
        >
          <svg width={flow.width} height={flow.height} aria-hidden="true" focusable="false">
            {flow.lines.map((line) => (
              <path
                key={line.id}
                d={line.d}
                class={`flow-line ${line.kind}${lit < 0 ? '' : line.from === lit || line.to === lit ? ' lit' : ' off'}`}
                style={{ strokeWidth: `${line.width}px` }}
              />
            ))}
          </svg>
          {flow.boxes.map((box) => {
            const row = answer.rows[box.row]!
            return (
              <div
                key={row.id}
                class="flow-system"
                style={{
                  left: `${box.x}px`,
                  top: `${box.y}px`,
                  width: `${FLOW_BOX.width}px`,
                  height: `${FLOW_BOX.height}px`,
                }}
                onMouseEnter={() => setLit(box.row)}
                onFocusIn={() => setLit(box.row)}
              >
                <Link to={placeOfRow(row)} id={`flow-${row.id}`}>
                  <Name value={row.name} tip />
                </Link>
                <span class="mut sub">
                  <Name value={rowWords(row)} tip />
                </span>
              </div>
            )
          })}
        </div>
      </div>
      <p class="mut map-key">
        <svg width="36" height="8" aria-hidden="true">
          <path class="flow-line needs" d="M1 4h34" />
        </svg>
        the left needs the right
        <svg width="36" height="8" aria-hidden="true">
          <path class="flow-line shared" d="M1 4h34" />
        </svg>
        shared credentials
        {flow.undrawn > 0 && <span>· {exact(flow.undrawn)} pairs that share are in the matrix and the table only</span>}
      </p>
    </>
  )
}

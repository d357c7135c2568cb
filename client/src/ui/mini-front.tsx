import { max, scaleSqrt, stack, sum } from 'd3'
import type { Verdict } from '../../../graph/wire.ts'
import { countsInWords } from '../model/verdict.ts'

const WIDTH = 92
const HEIGHT = 22
const GAP = 3

type Four = readonly [number, number, number, number]
/** Order of the wire, and the order of the stack from the ground up: what breaks stands on top. */
const wire: readonly Verdict[] = ['breaks', 'unknown', 'steps', 'keeps']
const upwards: readonly Verdict[] = ['keeps', 'unknown', 'steps', 'breaks']
const countOf = (cell: Four, verdict: Verdict): number => cell[wire.indexOf(verdict)]!

/** The blast front of one credential in six stacked bars, 92 × 22 (client.md section 3). Bar height is √ of count. */
export function MiniFront({ cells, most }: { cells: readonly Four[]; most?: number }) {
  const tallest = Math.max(most ?? 0, max(cells, (cell) => sum(cell)) ?? 0, 1)
  const height = scaleSqrt()
    .domain([0, tallest])
    .range([0, HEIGHT - 2])
  const width = (WIDTH - GAP * (cells.length - 1)) / cells.length
  const layers = stack<Four, Verdict>().keys(upwards).value(countOf)(cells as Four[])
  const totals = { breaks: 0, unknown: 0, steps: 0, keeps: 0 }
  for (const cell of cells) for (const verdict of wire) totals[verdict] += countOf(cell, verdict)
  return (
    <svg
      class="mini-front"
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={countsInWords(totals) || 'no dependants seen'}
    >
      {cells.map((cell, i) => {
        const all = sum(cell)
        if (all === 0)
          return <rect key={i} class="ground" x={i * (width + GAP)} y={HEIGHT - 1} width={width} height={1} />
        const scale = Math.max(3, height(all)) / all
        return layers.map((layer) => {
          const [from, to] = layer[i]!
          if (from === to) return null
          return (
            <rect
              key={`${layer.key}${i}`}
              class={layer.key}
              x={i * (width + GAP)}
              width={width}
              y={HEIGHT - to * scale}
              height={(to - from) * scale}
            />
          )
        })
      })}
    </svg>
  )
}

import { linkHorizontal } from 'd3'
import type { MapReply } from '../../../graph/wire-map.ts'

/** Systems that a flow is still read better as than a matrix (client.md 5.1). */
export const MOST_IN_FLOW = 20
/** Lines of shared credentials that are drawn; the strongest ones. */
const MOST_SHARED = 30
export const FLOW_BOX = { width: 176, height: 44, pitch: 60 } as const
const LEAST_GAP = 72
const TOP = 8

export interface FlowBox {
  readonly row: number
  readonly layer: number
  readonly x: number
  readonly y: number
}
export interface FlowLine {
  readonly id: string
  /** `needs`: the row on the left depends on the one on the right, unless `back`. */
  readonly kind: 'needs' | 'shared'
  readonly from: number
  readonly to: number
  readonly count: number
  readonly d: string
  readonly width: number
  readonly back: boolean
}
export interface SystemsFlow {
  readonly width: number
  readonly height: number
  readonly layers: number
  readonly boxes: readonly FlowBox[]
  readonly lines: readonly FlowLine[]
  /** Pairs that share credentials and are in the matrix only. */
  readonly undrawn: number
}

/** Systems in layers: whoever needs stands left of what it needs; in a layer in the order of the answer. Pure. */
export function systemsFlow({ rows, cells }: Pick<MapReply, 'rows' | 'cells'>, wide: number): SystemsFlow {
  const needs = cells.filter(([row, column, , count]) => count > 0 && row !== column)
  const layer = layersOf(
    rows.length,
    needs.map(([row, column]) => [row, column]),
  )
  const layers = Math.max(0, ...layer) + 1
  const gap = Math.max(LEAST_GAP, layers === 1 ? 0 : (wide - layers * FLOW_BOX.width) / (layers - 1))
  const filled = new Array<number>(layers).fill(0)
  const boxes = rows.map((_, row): FlowBox => {
    const at = layer[row]!
    const y = TOP + filled[at]!++ * FLOW_BOX.pitch
    return { row, layer: at, x: at * (FLOW_BOX.width + gap), y }
  })
  const shared = cells.filter(([row, column, count]) => count > 0 && row < column).toSorted((a, b) => b[2] - a[2])
  const lines = [
    ...shared.slice(0, MOST_SHARED).map(([a, b, count]) => lineOf('shared', boxes[a]!, boxes[b]!, count)),
    ...needs.map(([a, b, , count]) => lineOf('needs', boxes[a]!, boxes[b]!, count)),
  ]
  return {
    ...{ boxes, lines, layers, undrawn: Math.max(0, shared.length - MOST_SHARED) },
    width: layers * FLOW_BOX.width + (layers - 1) * gap + (lines.some(isBow(boxes)) ? LEAST_GAP / 2 : 0),
    height: TOP * 2 + Math.max(1, ...filled) * FLOW_BOX.pitch,
  }
}

const isBow =
  (boxes: readonly FlowBox[]) =>
  ({ from, to }: FlowLine): boolean =>
    boxes[from]!.layer === boxes[to]!.layer

/** Longest way from a system nobody needs; what needs each other in a ring stands where it was first met. */
function layersOf(count: number, needs: readonly (readonly [number, number])[]): number[] {
  const out: number[][] = Array.from({ length: count }, () => [])
  for (const [from, to] of needs) out[from]!.push(to)
  const depth = new Array<number>(count).fill(0)
  const state = new Uint8Array(count)
  const order: number[] = []
  const forward: [number, number][] = []
  const visit = (at: number): void => {
    state[at] = 1
    for (const to of out[at]!) {
      if (state[to] === 1) continue
      forward.push([at, to])
      if (state[to] === 0) visit(to)
    }
    state[at] = 2
    order.push(at)
  }
  for (let at = 0; at < count; at++) if (state[at] === 0) visit(at)
  const steps: number[][] = Array.from({ length: count }, () => [])
  for (const [from, to] of forward) steps[from]!.push(to)
  for (const at of order.toReversed()) for (const to of steps[at]!) depth[to] = Math.max(depth[to]!, depth[at]! + 1)
  return depth
}

const link = linkHorizontal()

function lineOf(kind: FlowLine['kind'], from: FlowBox, to: FlowBox, count: number): FlowLine {
  const back = to.layer < from.layer
  const [left, right] = back ? [to, from] : [from, to]
  const y = (box: FlowBox): number => box.y + FLOW_BOX.height / 2 + (kind === 'needs' ? -5 : 5)
  const [x1, x2] = [left.x + FLOW_BOX.width, right.layer === left.layer ? right.x + FLOW_BOX.width : right.x]
  const bend = 18 + Math.min(40, Math.abs(left.y - right.y) / 8)
  const d =
    left.layer === right.layer
      ? `M${x1},${y(left)}C${x1 + bend},${y(left)},${x1 + bend},${y(right)},${x1},${y(right)}`
      : (link({ source: [x1, y(left)], target: [x2, y(right)] }) ?? '')
  return {
    ...{ id: `${kind} ${from.row} ${to.row}`, kind, from: from.row, to: to.row, count, d, back },
    width: Math.round(Math.min(5, 1 + Math.sqrt(count) / 2) * 10) / 10,
  }
}

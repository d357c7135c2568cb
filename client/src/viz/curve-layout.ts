import { curveStepAfter, line, max, scaleLinear } from 'd3'
import type { ReachReply } from '../../../graph/wire.ts'

export interface CurvePoint {
  readonly title: string
  readonly broken: number
  readonly routes: number
  readonly left: number
  readonly x: number
  readonly y: number
  /** Where its words stand; `null`: they would lie over others and are in the table. */
  readonly label: { readonly x: number; readonly y: number; readonly anchor: 'start' | 'end' } | null
}

export interface CurveLayout {
  readonly width: number
  readonly height: number
  readonly d: string
  readonly points: readonly CurvePoint[]
  readonly ticksX: readonly { readonly value: number; readonly x: number }[]
  readonly ground: number
  readonly left: number
  /** Where what is ticked stands; `null`: nothing is. */
  readonly now: { readonly x: number; readonly y: number; readonly cost: number } | null
}

interface Ticked {
  readonly cost: number
  readonly routes: number
}

const HEIGHT = 132
const MARGIN = { left: 40, right: 28, top: 24, bottom: 30 }
const LETTER = 6.2
const LINE = 15

/** Paths cut over dependants broken, one step an action; labels that would lie over others are left out. */
export function curveLayout(
  curve: ReachReply['containment']['curve'],
  total: number,
  width: number,
  ticked: Ticked | null = null,
): CurveLayout {
  const cost = ({ price }: { price: { breaks: number; unknown: number } }): number => price.breaks + price.unknown
  const x = scaleLinear()
    .domain([0, Math.max(4, max(curve, cost) ?? 0, ticked?.cost ?? 0)])
    .nice()
    .range([MARGIN.left, width - MARGIN.right])
  const y = scaleLinear()
    .domain([0, Math.max(1, total)])
    .range([HEIGHT - MARGIN.bottom, MARGIN.top])
  const placed: { left: number; right: number; y: number }[] = []
  const points = curve.map((step): CurvePoint => {
    const at = { x: x(cost(step)), y: y(step.routes) }
    const words = labelOf(step.title, step.routes).length * LETTER
    const label = [
      { x: at.x - 9, y: at.y - 6, anchor: 'end' as const },
      { x: at.x + 9, y: at.y + 14, anchor: 'start' as const },
      { x: at.x + 9, y: at.y - 6, anchor: 'start' as const },
    ].find((one) => {
      const box = one.anchor === 'end' ? { left: one.x - words, right: one.x } : { left: one.x, right: one.x + words }
      if (box.left < 0 || box.right > width || one.y > HEIGHT - MARGIN.bottom) return false
      if (placed.some((other) => Math.abs(other.y - one.y) < LINE && box.left < other.right && other.left < box.right))
        return false
      placed.push({ ...box, y: one.y })
      return true
    })
    return {
      title: step.title,
      broken: cost(step),
      routes: step.routes,
      left: step.targetsLeft,
      ...at,
      label: label ?? null,
    }
  })
  const path = line<{ x: number; y: number }>(
    (point) => point.x,
    (point) => point.y,
  ).curve(curveStepAfter)
  return {
    width,
    height: HEIGHT,
    d: path([{ x: x(0), y: y(0) }, ...points]) ?? '',
    points,
    ticksX: x
      .ticks(Math.min(8, Math.max(2, Math.floor(width / 90))))
      .filter(Number.isInteger)
      .map((value) => ({ value, x: x(value) })),
    ground: y(0),
    left: MARGIN.left,
    now: ticked && { x: x(ticked.cost), y: y(ticked.routes), cost: ticked.cost },
  }
}

const TITLE = 30
export const labelOf = (title: string, routes: number): string =>
  `${title.length > TITLE ? `${title.slice(0, TITLE - 1)}…` : title} · ${routes.toLocaleString('en-US')}`

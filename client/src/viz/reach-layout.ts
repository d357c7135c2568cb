import { linkHorizontal, path } from 'd3'
import { depthsOf, leadingOf, type ReachGraph, type ReachNode, type Routes } from './reach-graph.ts'

export const BOXES = 7
export const PAGE = 25
const PITCH = 62
export const BOX_HEIGHT = 46
const SUBJECT_WIDTH = 136
const HEAD = 30
/** Elements a picture may have (client.md section 11); what is beyond is in the table. */
const EDGES_DRAWN = 600

export const columnIds = ['subject', 'acts', 'secrets', 'becomes', 'jewels'] as const
export type ColumnId = (typeof columnIds)[number]

export interface BoxMark {
  readonly kind: 'box'
  readonly id: string
  readonly node: number
  /** Credentials that stand in this secret and nowhere else: drawn as one with it. */
  readonly within: readonly number[]
  readonly column: number
  readonly x: number
  readonly y: number
  readonly width: number
  /** No way to it is left. */
  readonly cut: boolean
  /** A way to what is to be protected runs over it. */
  readonly leads: boolean
}

export interface StackMark {
  readonly kind: 'stack'
  readonly id: ColumnId
  readonly nodes: readonly number[]
  readonly within: readonly number[]
  readonly column: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly opened: boolean
  /** Members drawn below it. */
  readonly shown: number
  readonly cut: boolean
  readonly leads: number
}

export interface EdgeMark {
  readonly id: string
  readonly d: string
  /** Shortest ways that run over it. */
  readonly routes: number
  readonly width: number
  readonly used: boolean
  readonly may: boolean
  /** `cut`: an action ends it; `dead`: nothing reaches its beginning any more. */
  readonly state: 'open' | 'cut' | 'dead'
  /** Where the sign of a cut stands. */
  readonly mark: readonly [number, number]
}

export interface ReachLayout {
  readonly width: number
  readonly height: number
  readonly columns: readonly { readonly id: ColumnId; readonly x: number; readonly count: number }[]
  readonly boxes: readonly (BoxMark | StackMark)[]
  readonly edges: readonly EdgeMark[]
  /** Links that are in the table only: beyond the bound of the picture, or back to an earlier column. */
  readonly undrawn: number
}

export interface LayoutOptions {
  readonly width: number
  readonly mode: 'can' | 'used' | 'both'
  /** Columns whose stacked card is open, `secrets` or `secrets*3` with three pages. */
  readonly opened: readonly string[]
  readonly removed: ReadonlySet<number>
  readonly routes: Routes
}

/**
 * Where everything of Reach stands. A pure function; ticks and selection move nothing, an opened card only adds boxes
 * below itself.
 */
export function reachLayout(graph: ReachGraph, options: LayoutOptions): ReachLayout {
  const shown = new Set(
    graph.nodes.flatMap((node, at) => (at === 0 || options.mode !== 'used' || node.used ? [at] : [])),
  )
  const inside = insideOf(graph, shown)
  const columns = orderedColumns(graph, options.routes, new Set([...shown].filter((at) => !inside.has(at))))
  const within = (node: number): number[] => [...inside].flatMap(([one, secret]) => (secret === node ? [one] : []))
  const gap = Math.max(28, Math.round(options.width * 0.05))
  const width = Math.floor((options.width - SUBJECT_WIDTH - 4 * gap) / 4)
  const lefts = columnIds.map((_, at) => (at === 0 ? 0 : SUBJECT_WIDTH + gap + (at - 1) * (width + gap)))
  const slots = Math.max(1, ...columns.map((nodes) => Math.min(nodes.length, BOXES)))
  const now = depthsOf(graph, options.removed)
  const leading = leadingOf(graph)
  const boxes: (BoxMark | StackMark)[] = []
  const holder = new Map<number, BoxMark | StackMark>()
  columns.forEach((nodes, column) => {
    const closed = nodes.length <= BOXES ? nodes.length : BOXES - 1
    const folded = nodes.slice(closed)
    // Whole rows, so that the space between rows runs through all columns.
    const top = HEAD + Math.floor((slots - closed - (folded.length > 0 ? 1 : 0)) / 2) * PITCH
    const at = { column, x: lefts[column]!, width: column === 0 ? SUBJECT_WIDTH : width }
    const box = (node: number, slot: number): void => {
      const mark: BoxMark = {
        ...{ kind: 'box', id: graph.nodes[node]!.id, node, within: within(node), ...at, y: top + slot * PITCH },
        ...{ cut: now[node] === -1, leads: leading.has(node) },
      }
      boxes.push(mark)
      holder.set(node, mark)
    }
    nodes.slice(0, closed).forEach(box)
    if (folded.length === 0) return
    const id = columnIds[column]!
    const pages = pagesOf(options.opened, id)
    const listed = folded.slice(0, pages * PAGE)
    const stack: StackMark = {
      ...{
        kind: 'stack',
        id,
        nodes: folded,
        within: folded.flatMap(within),
        ...at,
        y: top + closed * PITCH,
        opened: pages > 0,
        shown: listed.length,
      },
      cut: folded.every((node) => now[node] === -1),
      leads: folded.filter((node) => leading.has(node)).length,
    }
    boxes.push(stack)
    for (const node of folded) holder.set(node, stack)
    listed.forEach((node, i) => box(node, closed + 1 + i))
  })
  for (const [one, secret] of inside) holder.set(one, holder.get(secret)!)
  const bottom = Math.max(HEAD + slots * PITCH, ...boxes.map(({ y }) => y + PITCH))
  const { edges, undrawn } = edgesOf(graph, options, holder, now, gap)
  return {
    width: options.width,
    height: bottom,
    columns: columnIds.map((id, at) => ({ id, x: lefts[at]!, count: columns[at]!.length })),
    boxes,
    edges,
    undrawn,
  }
}

function pagesOf(opened: readonly string[], id: string): number {
  const found = opened.find((one) => one === id || one.startsWith(`${id}*`))
  if (found === undefined) return 0
  return Math.min(8, Math.max(1, Number(found.split('*')[1] ?? 1) || 1))
}

/** Credentials that can only be had by reading one secret, and that secret. */
function insideOf({ nodes, edges }: ReachGraph, shown: ReadonlySet<number>): Map<number, number> {
  const into: (typeof edges)[number][][] = nodes.map(() => [])
  for (const edge of edges) into[edge.to]!.push(edge)
  const inside = new Map<number, number>()
  for (const at of shown) {
    const { role, jewel } = nodes[at]!
    const first = into[at]![0]
    if (at === 0 || jewel || role !== 'credential' || !first || !shown.has(first.from)) continue
    const { role: holds, jewel: apart } = nodes[first.from]!
    if (holds !== 'secret' || apart || into[at]!.some(({ from, kind }) => from !== first.from || kind !== 'HOLDS'))
      continue
    if (first.from !== 0) inside.set(at, first.from)
  }
  return inside
}

const isSecret = ({ role }: ReachNode): boolean => role === 'secret' || role === 'credential'

/** Which column each node stands in: by what it is, and whether a secret had to be read on the way to it. */
export function columnOf(graph: ReachGraph): number[] {
  const column = graph.nodes.map(() => -1)
  const after = graph.nodes.map(() => false)
  /** What has to be read; a session that was issued is a way to act. */
  const isRead = graph.nodes.map(() => false)
  const order = [0]
  const seen = new Set(order)
  column[0] = 0
  for (const at of order)
    for (const edge of graph.out[at]!) {
      const { to, kind } = graph.edges[edge]!
      if (seen.has(to)) continue
      seen.add(to)
      order.push(to)
      after[to] = after[at]! || isRead[at]!
      isRead[to] = isSecret(graph.nodes[to]!) && kind !== 'ISSUED_BY'
      column[to] = placed(graph, to, after[to]!, isRead[to]!)
    }
  return column.map((one, at) => (one >= 0 ? one : placed(graph, at, false, isSecret(graph.nodes[at]!))))
}

function placed({ nodes, out }: ReachGraph, at: number, after: boolean, isRead: boolean): number {
  const node = nodes[at]!
  if (node.jewel) return 4
  if (isSecret(node)) return after ? 3 : isRead ? 2 : 1
  const ends = out[at]!.length === 0 && node.role !== 'identity' && node.role !== 'workload'
  if (ends) return 4
  return after ? 3 : node.role === 'resource' ? 2 : 1
}

/** On the way to a target first, then used, then by how many ways run over it, then by name (client.md 5.3). */
function orderedColumns(graph: ReachGraph, { through }: Routes, shown: ReadonlySet<number>): number[][] {
  const column = columnOf(graph)
  const leading = leadingOf(graph)
  const weight = graph.nodes.map((_, at) => graph.out[at]!.length)
  graph.edges.forEach(({ to }, edge) => (weight[to]! += 1_000 * through[edge]!))
  const columns: number[][] = columnIds.map(() => [])
  for (const at of shown) columns[column[at]!]!.push(at)
  const rank = (at: number): number => {
    const { jewel, used } = graph.nodes[at]!
    return Number(jewel) * 4 + Number(leading.has(at)) * 2 + Number(used)
  }
  const name = (at: number): string => graph.nodes[at]!.name
  const id = (at: number): string => graph.nodes[at]!.id
  const before = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  for (const nodes of columns)
    nodes.sort(
      (a, b) => rank(b) - rank(a) || weight[b]! - weight[a]! || before(name(a), name(b)) || before(id(a), id(b)),
    )
  return columns
}

interface Bundle {
  readonly from: BoxMark | StackMark
  readonly to: BoxMark | StackMark
  routes: number
  used: boolean
  may: boolean
  open: boolean
  alive: boolean
}

function edgesOf(
  graph: ReachGraph,
  { mode, removed, routes }: LayoutOptions,
  holder: ReadonlyMap<number, BoxMark | StackMark>,
  now: readonly number[],
  gap: number,
): { edges: EdgeMark[]; undrawn: number } {
  const depth = depthsOf(graph)
  const bundles = new Map<string, Bundle>()
  let undrawn = 0
  graph.edges.forEach((edge, number) => {
    const [from, to] = [holder.get(edge.from), holder.get(edge.to)]
    if (!from || !to || from === to || (mode === 'used' && !edge.used)) return
    const isStep = depth[edge.to] === depth[edge.from]! + 1
    if (from.column > to.column || (from.column === to.column && !isStep)) return void undrawn++
    const id = `${from.kind}:${from.id}>${to.kind}:${to.id}`
    const known: Bundle = bundles.get(id) ?? { from, to, routes: 0, used: false, may: true, open: false, alive: false }
    known.routes += routes.through[number]!
    known.used ||= edge.used && mode !== 'can'
    known.may &&= edge.may
    known.open ||= !removed.has(number) && now[edge.from] !== -1
    known.alive ||= now[edge.from] !== -1
    bundles.set(id, known)
  })
  const all = [...bundles].sort(([, a], [, b]) => a.routes - b.routes)
  const drawn = all.slice(Math.max(0, all.length - EDGES_DRAWN))
  return { edges: drawn.map(([id, bundle]) => edgeMark(id, bundle, gap)), undrawn: undrawn + all.length - drawn.length }
}

const link = linkHorizontal()

function edgeMark(id: string, { from, to, routes, used, may, open, alive }: Bundle, gap: number): EdgeMark {
  const start: Point = [from.x + from.width, from.y + BOX_HEIGHT / 2]
  const inColumn = from.column === to.column
  const end: Point = [inColumn ? to.x + to.width : to.x, to.y + BOX_HEIGHT / 2]
  const middle: Point = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2]
  const drawn = inColumn
    ? { d: bow(start, end, gap), mark: [start[0] + gap * 0.45, middle[1]] as const }
    : to.column - from.column > 1
      ? aroundColumns(start, end, gap)
      : { d: link({ source: start, target: end }) ?? '', mark: middle }
  return {
    ...{ id, ...drawn, routes, used, may },
    width: Math.min(4, 1.2 + 0.55 * Math.log2(1 + routes)),
    state: open ? 'open' : alive ? 'cut' : 'dead',
  }
}

type Point = [x: number, y: number]

/** Past other columns in the space between two rows, never behind a box. */
function aroundColumns(start: Point, end: Point, gap: number): { d: string; mark: Point } {
  const row = Math.max(1, Math.round(((start[1] + end[1]) / 2 - HEAD) / PITCH))
  const lane = HEAD + row * PITCH - (PITCH - BOX_HEIGHT) / 2
  const [enter, leave]: [Point, Point] = [
    [start[0] + gap, lane],
    [end[0] - gap, lane],
  ]
  const d = `${link({ source: start, target: enter })}L${leave[0]},${leave[1]}${bezier(leave, end)}`
  return { d, mark: [(leave[0] + end[0]) / 2, (leave[1] + end[1]) / 2] }
}

function bezier([x, y]: Point, [x2, y2]: Point): string {
  const middle = (x + x2) / 2
  return `C${middle},${y},${middle},${y2},${x2},${y2}`
}

/** From one box to another of the same column: a bow in the gap beside them. */
function bow([x, y]: Point, [, y2]: Point, gap: number): string {
  const curve = path()
  curve.moveTo(x, y)
  curve.bezierCurveTo(x + gap * 0.6, y, x + gap * 0.6, y2, x, y2)
  return curve.toString()
}

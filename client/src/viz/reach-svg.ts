import type { ReachReply } from '../../../graph/wire.ts'
import { xmlText } from '../model/front-svg.ts'
import { utc } from '../model/moments.ts'
import { exact, plural } from '../model/verdict.ts'
import type { Picture } from '../model/save-picture.ts'
import type { ReachGraph, Routes } from './reach-graph.ts'
import { BOX_HEIGHT, reachLayout, type EdgeMark, type LayoutOptions, type ReachLayout } from './reach-layout.ts'
import { cutTo, inks, signsIn, svgOf, svgText } from './svg-parts.ts'

const WIDTH = 1_240
const MARGIN = 24
const TOP = 128

export interface ReachDrawing {
  readonly reply: ReachReply
  readonly graph: ReachGraph
  readonly removed: ReadonlySet<number>
  readonly routes: Routes
  readonly mode: LayoutOptions['mode']
  readonly opened: readonly string[]
  readonly ticked: number
  /** Head of each column. */
  readonly titles: (column: ReachLayout['columns'][number]) => string
  readonly link: string
}

/** The columns of Reach as a drawing of their own: the marks of the screen, titled, with what it stands on. */
export function reachSvg(drawing: ReachDrawing): Picture {
  const { reply, graph, removed, routes, mode, opened, titles, link } = drawing
  const layout = reachLayout(graph, { width: WIDTH - 2 * MARGIN, mode, opened, removed, routes })
  const height = TOP + layout.height + 96
  const parts = [
    svgText(MARGIN, 38, cutTo(`${reply.headline.title}: from ${reply.subject.name}`, 110), { size: 19, bold: true }),
    svgText(MARGIN, 62, cutTo(reply.headline.sentence, 170), { size: 13 }),
    svgText(MARGIN, 82, assumedWords(drawing), { fill: inks.mut }),
    svgText(MARGIN, 100, cutTo(`Lower bound: ${reply.lowerBound.join('; ')}`, 180), { fill: inks.mut }),
    `<g transform="translate(${MARGIN} ${TOP})">`,
    ...layout.columns.map((column) => svgText(column.x, 12, titles(column), { bold: true })),
    ...layout.edges.map(edgeOf),
    ...layout.boxes.map((mark) => boxOf(mark, graph, mode)),
    '</g>',
    ...footOf(drawing, layout, TOP + layout.height + 20, link),
  ]
  return svgOf(`${reply.headline.title}: ${reply.subject.name}`, WIDTH, height, parts)
}

function assumedWords({ reply, routes, ticked }: ReachDrawing): string {
  const since = reply.since === null ? 'held since any time' : `held since ${utc(reply.since)}`
  const from = reply.networks.length === 0 ? 'from anywhere' : `from ${reply.networks.join(', ')}`
  const cut =
    ticked === 0
      ? ''
      : ` With ${plural(ticked, 'action')} ticked ${exact(routes.total - routes.whole)} of ${plural(routes.total, 'path')} are cut.`
  return cutTo(`Assumed: ${since}, ${from}.${cut}`, 180)
}

const dash = {
  open: '',
  cut: ' stroke-dasharray="1 5" stroke-linecap="round"',
  dead: ' stroke-dasharray="1 5" stroke-linecap="round"',
} as const

function edgeOf({ d, width, used, state, routes, mark: [x, y] }: EdgeMark): string {
  const stroke = state !== 'open' ? inks.line : used ? inks.breaks : routes === 0 ? inks.line : inks.line3
  const sign =
    state === 'cut'
      ? `<g transform="translate(${x} ${y})" fill="#ffffff" stroke="${inks.keeps}" stroke-width="1.8"><circle r="8"/><path d="M-3 -3l6 6M3 -3l-6 6"/></g>`
      : ''
  return `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width.toFixed(2)}"${dash[state]}/>${sign}`
}

function boxOf(mark: ReachLayout['boxes'][number], graph: ReachGraph, mode: LayoutOptions['mode']): string {
  const { x, y, width, cut } = mark
  const node = mark.kind === 'box' ? graph.nodes[mark.node]! : undefined
  const own = mark.column === 0
  const used = node?.used === true && mode !== 'can'
  const stroke = used ? inks.breaks : cut ? inks.mut : node?.jewel || own ? inks.fg : inks.line
  const style = `fill="${own ? inks.fg : '#ffffff'}" stroke="${stroke}" stroke-width="${used || cut || node?.jewel ? 2 : 1}"${cut ? ' stroke-dasharray="4 3"' : ''}`
  const name =
    node === undefined
      ? `${exact((mark as { nodes: readonly number[] }).nodes.length)} more`
      : `${node.jewel ? '◆ ' : ''}${node.name}`
  const under = cut
    ? 'cut by ticked actions'
    : node === undefined
      ? 'folded: all are in the CSV'
      : `${node.title}${node.used ? ' · used' : ''}`
  const most = signsIn(width - 22)
  return [
    `<g><title>${xmlText(node?.name ?? name)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${BOX_HEIGHT}" rx="7" ${style}/>`,
    svgText(x + 11, y + 20, cutTo(name, most - 2), { size: 13, bold: true, fill: own ? '#ffffff' : inks.fg }),
    svgText(x + 11, y + 36, cutTo(under, most), { fill: own ? '#ffffff' : inks.mut }),
    '</g>',
  ].join('')
}

function footOf({ reply }: ReachDrawing, layout: ReachLayout, y: number, link: string): string[] {
  const legend =
    'Line width: number of paths (log). Red: logs show use. Dotted, with a cross: cut by a ticked action. Diamond: crown jewel.'
  const undrawn = layout.undrawn > 0 ? ` ${exact(layout.undrawn)} links back or inside a column are not drawn.` : ''
  const { snapshot, coverage, counts } = reply
  const at = snapshot.at === null ? 'no import yet' : utc(snapshot.at)
  return [
    svgText(MARGIN, y, legend + undrawn, { fill: inks.mut }),
    svgText(
      MARGIN,
      y + 20,
      `Graph as of ${at}${snapshot.sample ? ' (sample data)' : ''}, snapshot ${snapshot.id}. ${exact(counts.things)} things within reach are known.`,
      { fill: inks.mut },
    ),
    svgText(MARGIN, y + 38, cutTo(coverage.sentence, 180), { fill: inks.mut }),
    svgText(MARGIN, y + 56, link, { fill: inks.mut }),
  ]
}

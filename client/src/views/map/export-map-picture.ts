import type { AroundReply, MapReply } from '../../../../graph/wire-map.ts'
import { xmlText } from '../../model/front-svg.ts'
import { utc } from '../../model/moments.ts'
import type { Picture } from '../../model/save-picture.ts'
import { exact } from '../../model/verdict.ts'
import { cutTo, inks, signsIn, svgOf, svgText } from '../../viz/svg-parts.ts'
import { FLOW_BOX, systemsFlow } from '../../viz/systems-flow.ts'
import { GUTTER, heights, mapLayout, type MapBox, type MapColumn } from './map-layout.ts'
import { headWords, natureWords, sideWords, type Side } from './map-words.ts'

const WIDTH = 1_240
const MARGIN = 24
const TOP = 100

const footOf = ({ snapshot }: Pick<MapReply, 'snapshot'>, y: number, legend: string, link: string): string[] => {
  const at = snapshot.at === null ? 'no import yet' : utc(snapshot.at)
  return [
    svgText(MARGIN, y, legend, { fill: inks.mut }),
    svgText(
      MARGIN,
      y + 20,
      `Graph as of ${at}${snapshot.sample ? ' (sample data)' : ''}, snapshot ${snapshot.id}. What no source shows is not drawn, and is not known to be absent.`,
      { fill: inks.mut },
    ),
    svgText(MARGIN, y + 38, link, { fill: inks.mut }),
  ]
}

const SIDE = 440
const MIDDLE = WIDTH - 2 * MARGIN - 2 * SIDE - 2 * GUTTER
const dashes = { observed: '', declared: ' stroke-dasharray="6 3"', implied: ' stroke-dasharray="1.5 3"' } as const

/** What stands around one thing: the same columns, lines and order as the screen. */
export function aroundSvg(answer: AroundReply, link: string): Picture {
  const { up, down, height, focusTop } = mapLayout(answer)
  const { focus } = answer
  const column = (side: Side, { boxes, paths, bundled }: MapColumn): string => {
    const x = side === 'up' ? 0 : SIDE + GUTTER + MIDDLE + GUTTER
    const gutter = side === 'up' ? SIDE : SIDE + GUTTER + MIDDLE
    return [
      svgText(x, -10, `${sideWords[side].title} ${exact(answer[side])}`, { size: 13, bold: true }),
      boxes.length === 0 ? svgText(x, 40, sideWords[side].none, { fill: inks.mut }) : '',
      ...boxes.map((box) => boxOf(box, side, x)),
      `<g transform="translate(${gutter} 0)">`,
      ...paths.map(
        ({ d, line, width, dense }) =>
          `<path d="${d}" fill="none" stroke="${dense ? inks.line : inks.line3}" stroke-width="${width}"${dashes[line]}/>`,
      ),
      bundled > 0
        ? svgText(GUTTER / 2, -10, `${exact(bundled)} lines bundled`, { fill: inks.mut, anchor: 'middle' })
        : '',
      '</g>',
    ].join('')
  }
  const middle = SIDE + GUTTER
  const parts = [
    svgText(MARGIN, 40, cutTo(`${focus.title} ${focus.name}`, 100), { size: 19, bold: true }),
    svgText(MARGIN, 62, headWords(answer), { size: 13, fill: inks.mut }),
    `<g transform="translate(${MARGIN} ${TOP})">`,
    column('up', up),
    column('down', down),
    `<rect x="${middle}" y="${focusTop}" width="${MIDDLE}" height="${heights.focus}" rx="9" fill="#ffffff" stroke="${inks.fg}" stroke-width="1.5"/>`,
    svgText(middle + 12, focusTop + 26, cutTo(focus.title, signsIn(MIDDLE - 24)), { fill: inks.mut }),
    svgText(middle + 12, focusTop + 50, cutTo(focus.name, signsIn(MIDDLE - 24, 14)), { size: 14, bold: true }),
    '</g>',
    ...footOf(
      answer,
      TOP + height + 30,
      'Solid: a log shows use. Dashed: configuration or a person says so. Dotted: deduced, or through what is hidden.',
      link,
    ),
  ]
  return svgOf(`${focus.name}: what it needs and what needs it`, WIDTH, TOP + height + 92, parts)
}

function boxOf(box: MapBox, side: Side, x: number): string {
  const y = box.top + box.height / 2 + 4
  if (box.box === 'nature') return svgText(x, y + 4, natureWords[side][box.nature], { bold: true, fill: inks.mut })
  if (box.box === 'pager') return svgText(x + 22, y, `page ${box.group.page} of ${box.group.pages}`, { fill: inks.mut })
  if (box.box === 'group')
    return `<rect x="${x}" y="${box.top + 2}" width="${SIDE}" height="${box.height - 4}" rx="7" fill="#ffffff" stroke="${inks.line}"/>${svgText(x + 10, y, cutTo(box.group.title, signsIn(SIDE - 90)), { bold: true })}${svgText(x + SIDE - 10, y, exact(box.group.count), { fill: inks.mut, anchor: 'end' })}`
  return `<g><title>${xmlText(box.thing.name)}</title>${svgText(x + 22, y, cutTo(box.thing.name, signsIn(SIDE - 40)))}</g>`
}

const HEAD = 210
const CELL = 22

/** Systems by systems: the same squares by the root of what is shared, framed where the row needs the column. */
export function matrixSvg(answer: MapReply, title: string, link: string): Picture {
  const { rows, cells, folded } = answer
  const most = Math.max(1, ...cells.map(([, , shared]) => shared))
  const side = rows.length * CELL
  const top = TOP + 150
  const parts = [
    svgText(MARGIN, 40, title, { size: 19, bold: true }),
    svgText(MARGIN, 62, folded === null ? `${exact(answer.systems)} systems` : cutTo(folded, 150), {
      size: 13,
      fill: inks.mut,
    }),
    `<g transform="translate(${MARGIN} ${top})">`,
    ...rows.map(
      (row, i) =>
        `<g transform="translate(${HEAD + i * CELL + 15} -8) rotate(-90)">${svgText(0, 0, cutTo(row.name, 22))}</g>`,
    ),
    ...rows.map((row, i) => svgText(HEAD - 10, i * CELL + 15, cutTo(row.name, 30), { anchor: 'end' })),
    ...Array.from(
      { length: rows.length + 1 },
      (_, i) => `<path d="M${HEAD} ${i * CELL}h${side}M${HEAD + i * CELL} 0v${side}" stroke="${inks.faint}"/>`,
    ),
    ...cells.map(([y, x, shared, needs]) => {
      const [row, column] = [rows[y]!, rows[x]!]
      const ink = shared === 0 ? 0 : 3 + 11 * Math.sqrt(shared / most)
      const at = (n: number, size: number): number => n * CELL + (CELL - size) / 2
      const frame =
        needs > 0
          ? `<rect x="${HEAD + at(x, 18)}" y="${at(y, 18)}" width="18" height="18" rx="3" fill="none" stroke="${inks.fg}" stroke-width="1.5"/>`
          : ''
      return `<g><title>${xmlText(`${row.name}, ${column.name}: ${shared} shared, ${needs} needed`)}</title>${frame}<rect x="${(HEAD + at(x, ink)).toFixed(1)}" y="${at(y, ink).toFixed(1)}" width="${ink.toFixed(1)}" height="${ink.toFixed(1)}" fill="${inks.fg}"/></g>`
    }),
    '</g>',
    ...footOf(
      answer,
      top + side + 34,
      'Square: shared credentials, by the root of their number. Frame: the row depends on the column.',
      link,
    ),
  ]
  return svgOf(title, Math.max(760, HEAD + side + 2 * MARGIN), top + side + 96, parts)
}

/** Up to 20 systems in layers, as on the screen. */
export function flowSvg(answer: MapReply, title: string, link: string): Picture {
  const flow = systemsFlow(answer, WIDTH - 2 * MARGIN)
  const parts = [
    svgText(MARGIN, 40, title, { size: 19, bold: true }),
    svgText(MARGIN, 62, `${exact(answer.systems)} systems`, { size: 13, fill: inks.mut }),
    `<g transform="translate(${MARGIN} ${TOP})">`,
    ...flow.lines.map(
      ({ d, kind, width }) =>
        `<path d="${d}" fill="none" stroke="${kind === 'needs' ? inks.mut : inks.line}" stroke-width="${width}"${kind === 'shared' ? ' stroke-dasharray="3 3"' : ''}/>`,
    ),
    ...flow.boxes.map(({ row, x, y }) => {
      const { name } = answer.rows[row]!
      return `<g><title>${xmlText(name)}</title><rect x="${x}" y="${y}" width="${FLOW_BOX.width}" height="${FLOW_BOX.height}" rx="7" fill="#ffffff" stroke="${inks.line}"/>${svgText(x + 10, y + 27, cutTo(name, signsIn(FLOW_BOX.width - 20, 13)), { size: 13, bold: true })}</g>`
    }),
    '</g>',
    ...footOf(answer, TOP + flow.height + 26, 'Solid: the left needs the right. Dashed: shared credentials.', link),
  ]
  return svgOf(title, Math.max(WIDTH, flow.width + 2 * MARGIN), TOP + flow.height + 92, parts)
}

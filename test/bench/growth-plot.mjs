import { line, scaleLog } from 'd3'
import { costs, entitiesOf, sizes } from './figures.mjs'
import { rowOf } from './joined.mjs'

const [WIDTH, HEIGHT] = [890, 520]
const box = { left: 76, right: 600, top: 44, bottom: 462 }
/** Shapes and words tell lines apart, colours help; each is readable on white and on near-black. */
const marks = ['circle', 'square', 'diamond', 'triangle', 'cross', 'ring']
const LABEL_GAP = 19

/** How cost grows with the estate, log-log, as an SVG that is readable in light and dark. */
export function growthPlot(run) {
  const series = costs
    .map(({ title, row, of }, number) => ({
      title,
      number,
      points: sizes
        .map((size) => ({ entities: entitiesOf[size], ms: rowOf(run, row, size) && of(rowOf(run, row, size)).median }))
        .filter(({ ms }) => ms > 0),
    }))
    .filter(({ points }) => points.length > 0)
  const all = series.flatMap(({ points }) => points.map(({ ms }) => ms))
  const lowest = 10 ** Math.floor(Math.log10(Math.min(...all)))
  const highest = 10 ** Math.ceil(Math.log10(Math.max(...all)))
  const x = scaleLog([10_000, 1_000_000], [box.left + 12, box.right])
  const y = scaleLog([lowest, highest], [box.bottom, box.top])
  const path = line(
    ({ entities }) => round(x(entities)),
    ({ ms }) => round(y(ms)),
  )
  const parts = [
    ...powers(lowest, highest).flatMap((ms) => [
      `<line class="grid" x1="${box.left}" x2="${box.right}" y1="${round(y(ms))}" y2="${round(y(ms))}"/>`,
      `<text class="tick" x="${box.left - 10}" y="${round(y(ms) + 4)}" text-anchor="end">${duration(ms)}</text>`,
    ]),
    ...sizes.map((size) => {
      const at = round(x(entitiesOf[size]))
      return `<line class="grid" x1="${at}" x2="${at}" y1="${box.top}" y2="${box.bottom}"/><text class="tick" x="${at}" y="${box.bottom + 20}" text-anchor="middle">${entitiesOf[size].toLocaleString('en')}</text>`
    }),
    `<text class="title" x="${box.left}" y="24">How cost grows with the estate (median, log-log)</text>`,
    `<text class="tick" x="${(box.left + box.right) / 2}" y="${box.bottom + 42}" text-anchor="middle">things in the estate, with 5.6 relationships each</text>`,
    ...series.flatMap(({ points, number }) => [
      `<path class="line c${number}" d="${path(points)}"/>`,
      ...points.map(({ entities, ms }) => mark(marks[number], number, round(x(entities)), round(y(ms)))),
    ]),
    ...labels(series, y).map(
      ({ number, title, at, from, last }) =>
        `<path class="lead" d="M${box.right + 8},${round(from)}L${box.right + 22},${round(at)}"/><text class="name c${number}" x="${box.right + 28}" y="${round(at + 4)}">${title} · ${duration(last)}</text>`,
    ),
  ]
  const described = series.map(({ title, points }) => `${title}: ${points.map(({ ms }) => duration(ms)).join(', ')}`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="what how">
<title id="what">How cost grows from 10,000 to 1,000,000 things</title>
<desc id="how">${described.join('; ')}.</desc>
<style>
${style}
</style>
<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>
${parts.join('\n')}
</svg>
`
}

const style = `.paper{fill:#fff}.grid{stroke:#d6d9de;stroke-width:1}.lead{stroke:#8a919c;stroke-width:1;fill:none}
text{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;font-size:13px}.tick{fill:#4a515c}.title{fill:#16191e;font-size:15px;font-weight:600}
.line{fill:none;stroke-width:2.2}.mark{stroke-width:2.2}
${colours(['#0b62c4', '#a0430a', '#137a4b', '#8430b8', '#b5195a', '#4d5562'])}
@media (prefers-color-scheme:dark){.paper{fill:#14171c}.grid{stroke:#353b45}.lead{stroke:#7d8694}.tick{fill:#b4bcc8}.title{fill:#eef1f5}
${colours(['#6fb3ff', '#ffa366', '#5fd29a', '#cd9bff', '#ff8cba', '#c3cbd6'])}}`

function colours(all) {
  return all
    .map((one, i) => `.line.c${i},.mark.c${i}{stroke:${one}}.name.c${i},.mark.full.c${i}{fill:${one}}`)
    .join('\n')
}

function mark(shape, number, x, y) {
  const of = (body, full = true) => body.replace('/>', ` class="mark c${number}${full ? ' full' : ''}"/>`)
  const R = 4
  return {
    circle: () => of(`<circle cx="${x}" cy="${y}" r="${R}"/>`),
    square: () => of(`<rect x="${x - R}" y="${y - R}" width="${2 * R}" height="${2 * R}"/>`),
    diamond: () => of(`<path d="M${x},${y - R - 1}l${R + 1},${R + 1}l-${R + 1},${R + 1}l-${R + 1},-${R + 1}z"/>`),
    triangle: () => of(`<path d="M${x},${y - R - 1}l${R + 1},${2 * R}h-${2 * (R + 1)}z"/>`),
    cross: () =>
      of(`<path d="M${x - R},${y - R}l${2 * R},${2 * R}m0,-${2 * R}l-${2 * R},${2 * R}" fill="none"/>`, false),
    ring: () => of(`<circle cx="${x}" cy="${y}" r="${R}" fill="none"/>`, false),
  }[shape]()
}

/** Where the name of each line stands: at its end, moved apart from the next. */
function labels(series, y) {
  const all = series
    .map(({ title, number, points }) => ({ title, number, last: points.at(-1).ms, from: y(points.at(-1).ms) }))
    .sort((a, b) => a.from - b.from)
  let least = -Infinity
  for (const one of all) {
    one.at = Math.max(one.from, least)
    least = one.at + LABEL_GAP
  }
  return all
}

const round = (value) => Math.round(value * 10) / 10

function powers(from, to) {
  return Array.from({ length: Math.round(Math.log10(to / from)) + 1 }, (_, i) => from * 10 ** i)
}

/** Milliseconds in the unit that reads best. */
export function duration(ms) {
  const [value, unit] = ms >= 1000 ? [ms / 1000, 's'] : ms >= 1 ? [ms, 'ms'] : [ms * 1000, 'µs']
  return `${value >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3))} ${unit}`
}

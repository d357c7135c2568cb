import type { BlastReply, Verdict } from '../../../graph/wire.ts'
import { barParts, frontForm, GLYPH, GLYPH_STEP } from './cell-form.ts'
import { cleanText } from './clean-name.ts'
import type { FrontCell, FrontRow } from './fold.ts'
import { utc } from './moments.ts'
import { countsInWords, exact, total, verdictRows } from './verdict.ts'

const WIDTH = 1_200
const HEAD = 230
const MARGIN = 24
const TOP = 128
const ROW = 44
const ink: Readonly<Record<Verdict, string>> = {
  breaks: '#8f1237',
  steps: '#c46f00',
  unknown: '#7a7f8a',
  keeps: '#0b5cad',
}

/** Text that cannot be markup: names of the estate are anybody's. */
export const xmlText = (text: string): string =>
  cleanText(text).replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

const text = (x: number, y: number, words: string, size = 13, style = ''): string =>
  `<text x="${x}" y="${y}" font-size="${size}"${style}>${xmlText(words)}</text>`
const bold = ' font-weight="600"'
const muted = ' fill="#5b6270"'

/** At most so many signs, so that no name runs into the next column. */
const cut = (words: string, most: number): string => {
  const clean = cleanText(words)
  return clean.length <= most ? clean : `${clean.slice(0, most - 1)}…`
}

/** The front as a drawing of its own: titled, with legend, snapshot, coverage and link. No script, nothing from elsewhere. */
export function frontSvg(
  reply: BlastReply,
  rows: readonly FrontRow[],
  ticked: readonly string[],
  link: string,
): { text: string; width: number; height: number } {
  const drawn = rows.filter((row) => row.kind !== 'more')
  const column = (WIDTH - HEAD - MARGIN * 2) / reply.bands.length
  const form = frontForm(rows, column)
  const bottom = TOP + 36 + drawn.length * ROW
  const height = bottom + 112
  const left = (band: number): number => MARGIN + HEAD + band * column
  const parts = [
    text(MARGIN, 40, `${reply.headline.title}: ${cut(reply.subject.name, 60)}`, 19, bold),
    text(MARGIN, 62, cut(reply.headline.sentence, 170), 13),
    text(
      MARGIN,
      84,
      `${countsInWords(reply.counts) || 'nothing seen'}${ticked.length > 0 ? `, simulated with ${ticked.length} of ${reply.steps.length} steps done` : ''}`,
      13,
      muted,
    ),
    text(MARGIN, TOP + 8, 'System, by criticality', 12, bold),
    ...reply.bands.flatMap((band, i) => [
      text(left(i) + 12, TOP - 4, cut(band.title, 22), 13, bold),
      text(left(i) + 12, TOP + 12, cut(band.subtitle, 24), 12, muted),
    ]),
  ]
  drawn.forEach((row, i) => {
    const y = TOP + 24 + i * ROW
    parts.push(`<path d="M${MARGIN} ${y}H${WIDTH - MARGIN}" stroke="#e4e7ec"/>`)
    const name = row.kind === 'fold' ? row.title : row.system.name
    const under =
      row.kind === 'fold'
        ? row.top.join(', ')
        : [
            row.system.tier === null ? 'no tier' : `tier ${row.system.tier}`,
            row.system.team ?? '',
            row.system.owner ?? 'owner unknown',
          ]
            .filter(Boolean)
            .join(' · ')
    parts.push(text(MARGIN, y + 19, cut(name, 32), 13, bold), text(MARGIN, y + 35, cut(under, 38), 12, muted))
    row.cells.forEach((cell, band) => {
      if (cell && total(cell) > 0) parts.push(cellMarks(cell, left(band) + 12, y, form))
    })
  })
  reply.bands.forEach((_, i) => parts.push(`<path d="M${left(i)} ${TOP + 24}V${bottom}" stroke="#e4e7ec"/>`))
  const legend = verdictRows.filter((row) => reply.counts[row.verdict] > 0)
  legend.forEach((row, i) => {
    const x = MARGIN + i * 290
    parts.push(use(row.verdict, x, bottom + 18), text(x + 22, bottom + 30, `${row.word}: ${row.means}`, 12))
  })
  const at = reply.snapshot.at === null ? 'no import yet' : utc(reply.snapshot.at)
  parts.push(
    text(
      MARGIN,
      bottom + 58,
      `Graph as of ${at}${reply.snapshot.sample ? ' (sample data)' : ''}, snapshot ${reply.snapshot.id}. ${exact(reply.counts.dependents)} dependants.`,
      12,
      muted,
    ),
    text(MARGIN, bottom + 76, cut(reply.coverage.sentence, 180), 12, muted),
    text(MARGIN, bottom + 94, link, 12, muted),
  )
  return {
    text: `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" fill="#15181e">
<title>${xmlText(`${reply.headline.title}: ${reply.subject.name}`)}</title>
<defs>${shapes}</defs>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${parts.join('\n')}
</svg>
`,
    width: WIDTH,
    height,
  }
}

const use = (verdict: Verdict, x: number, y: number): string =>
  `<use href="#${verdict}" x="${x}" y="${y}" width="${GLYPH}" height="${GLYPH}"/>`

function cellMarks(cell: FrontCell, x: number, y: number, form: ReturnType<typeof frontForm>): string {
  if (total(cell) <= form.glyphsAtMost && cell.members.length >= total(cell)) {
    const lines = Math.ceil(cell.members.length / form.perLine)
    const top = y + (ROW - lines * GLYPH_STEP) / 2 + 2
    return cell.members
      .map(
        (member, i) =>
          `<g><title>${xmlText(member.name)}</title>${use(member.verdict, x + (i % form.perLine) * GLYPH_STEP, top + Math.floor(i / form.perLine) * GLYPH_STEP)}</g>`,
      )
      .join('')
  }
  let at = x
  const bar = barParts(cell, form.barLength(total(cell))).map(({ verdict, width }) => {
    const part = `<rect x="${at.toFixed(1)}" y="${y + 8}" width="${width.toFixed(1)}" height="12" fill="${ink[verdict]}"/>`
    at += width
    return part
  })
  const counts = verdictRows
    .filter((row) => cell[row.verdict] > 0)
    .map((row) => `${row.mark} ${exact(cell[row.verdict])}`)
  return bar.join('') + text(x, y + 35, counts.join('  '), 12)
}

/** The four shapes of ui/glyph.tsx, with their colours in them. */
const shapes = [
  `<symbol id="breaks" viewBox="0 0 14 14"><rect x="0.75" y="0.75" width="12.5" height="12.5" rx="2.6" fill="${ink.breaks}"/><path d="M4.4 4.4l5.2 5.2M9.6 4.4l-5.2 5.2" stroke="#ffffff" stroke-width="1.6" fill="none"/></symbol>`,
  `<symbol id="steps" viewBox="0 0 14 14"><circle cx="7" cy="7" r="5.9" fill="none" stroke="${ink.steps}" stroke-width="1.6"/><path d="M7 1.1a5.9 5.9 0 0 0 0 11.8z" fill="${ink.steps}"/></symbol>`,
  `<symbol id="unknown" viewBox="0 0 14 14"><circle cx="7" cy="7" r="5.9" fill="none" stroke="${ink.unknown}" stroke-width="1.6" stroke-dasharray="2.4 2"/><path d="M5.3 5.6c0-1 .7-1.7 1.8-1.7s1.7.6 1.7 1.5c0 1.2-1.7 1.3-1.7 2.5" fill="none" stroke="${ink.unknown}" stroke-width="1.6"/><circle cx="7.1" cy="10" r="0.85" fill="${ink.unknown}"/></symbol>`,
  `<symbol id="keeps" viewBox="0 0 14 14"><circle cx="7" cy="7" r="5.9" fill="none" stroke="${ink.keeps}" stroke-width="1.6"/><path d="M4.2 7.2l2 2 3.6-4" fill="none" stroke="${ink.keeps}" stroke-width="1.6"/></symbol>`,
].join('')

import type { BlastReply, Verdict } from '../../../../graph/wire.ts'
import { place, push } from '../../app/place.ts'
import { barParts, GLYPH, GLYPH_STEP, places, type FrontForm } from '../../model/cell-form.ts'
import type { FoldRow, FrontCell, SystemRow } from '../../model/fold.ts'
import { countsInWords, exact, rowOf, short, total, verdictRows } from '../../model/verdict.ts'
import { slotsOf } from '../../model/whatif-diff.ts'
import { openDrawer } from '../../ui/panel.tsx'
import { cellId } from './blast-queries.ts'
import { cellWords } from './cell-words.ts'

interface CellProps {
  readonly row: SystemRow | FoldRow
  readonly band: BlastReply['bands'][number]
  readonly cell: FrontCell
  readonly form: FrontForm
  readonly tabStop: boolean
  readonly chosen: string | null
}

export const cellIdOf = (row: SystemRow | FoldRow, band: { id: string }): string => `${row.id}.${band.id}`

/** One crossing of system and band: glyphs, or a bar with counts. Never changes the height of its row. */
export function CellButton({ row, band, cell, form, tabStop, chosen }: CellProps) {
  const id = cellIdOf(row, band)
  const glyphs = drawsGlyphs(cell, form)
  return (
    <button
      type="button"
      id={`cell-${id}`}
      class="cell"
      data-cell={id}
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={cellId.value === id}
      onClick={(event) => choose(id, (event.target as Element).getAttribute('data-member'))}
    >
      <span class="hidden-words">{cellWords(row, band, cell)}</span>
      {glyphs ? <Glyphs cell={cell} perLine={form.perLine} chosen={chosen} /> : <Bar cell={cell} form={form} />}
    </button>
  )
}

/** Nobody stands here any more: outlines only, or how many there were. Nothing to open. */
export function Gone({ cell, perLine }: { cell: FrontCell; perLine: number }) {
  return (
    <span class="cell gone">
      {cell.was && <span class="hidden-words">Nobody now; before: {countsInWords(cell.was)}</span>}
      {cell.slots ? <Glyphs cell={cell} perLine={perLine} chosen={null} /> : <span class="mut small">none left</span>}
    </span>
  )
}

/** Glyphs, one each, with outlines where all are named; else a bar. */
export const drawsGlyphs = (cell: FrontCell, form: FrontForm): boolean =>
  places(cell) <= form.glyphsAtMost &&
  cell.members.length >= total(cell) &&
  (cell.was === undefined || cell.slots !== undefined)

/** The list of the cell opens in the panel; a glyph also opens its path. */
function choose(cell: string, member: string | null): void {
  const change = { cell, tab: 'selection', ...(member === null ? {} : { why: member, whyPath: 0 }) }
  push({ ...place.peek(), ...change })
  if (member === null) openDrawer()
}

function Glyphs({ cell, perLine, chosen }: { cell: FrontCell; perLine: number; chosen: string | null }) {
  const slots = slotsOf(cell)
  const lines = Math.ceil(slots.length / perLine)
  return (
    <svg
      class="glyphs"
      width={Math.min(slots.length, perLine) * GLYPH_STEP + 4}
      height={lines * GLYPH_STEP}
      aria-hidden="true"
      focusable="false"
    >
      {slots.map(({ member, ghost }, i) => {
        const x = (i % perLine) * GLYPH_STEP + 2
        const y = Math.floor(i / perLine) * GLYPH_STEP + 2
        if (ghost) return <Ghost key={`was ${member.id}`} verdict={member.verdict} id={member.id} x={x} y={y} />
        return (
          <use
            key={member.id}
            class={`glyph ${member.verdict}${member.id === chosen ? ' chosen' : ''}`}
            href={`#g-${member.verdict}`}
            data-member={member.id}
            data-name={member.name}
            data-verdict={rowOf(member.verdict).word}
            x={x}
            y={y}
            width={GLYPH}
            height={GLYPH}
          />
        )
      })}
    </svg>
  )
}

/** Outline of who stood here. */
function Ghost({ verdict, id, x, y }: { verdict: Verdict; id: string; x: number; y: number }) {
  const round = verdict !== 'breaks'
  return (
    <rect
      class={`ghost ${verdict}`}
      data-ghost={id}
      x={x + 1.1}
      y={y + 1.1}
      width={GLYPH - 2.2}
      height={GLYPH - 2.2}
      rx={round ? (GLYPH - 2.2) / 2 : 2.4}
    />
  )
}

function Bar({ cell, form }: { cell: FrontCell; form: FrontForm }) {
  const length = form.barLength(total(cell))
  return (
    <span class="bar-cell" aria-hidden="true">
      <span class="bar">
        {cell.was && total(cell.was) !== total(cell) && (
          <span class="bar-was" style={{ width: `${form.barLength(total(cell.was))}px` }} />
        )}
        {barParts(cell, length).map((part) => (
          <span key={part.verdict} class={part.verdict} style={{ width: `${part.width}px` }} />
        ))}
      </span>
      <span class="bar-counts">
        {verdictRows
          .filter((row) => cell[row.verdict] > 0)
          .map((row) => (
            <span key={row.verdict} class={row.verdict} title={exact(cell[row.verdict])}>
              <i>{row.mark}</i>
              {short(cell[row.verdict])}
            </span>
          ))}
      </span>
    </span>
  )
}

import type { BlastReply } from '../../../../graph/wire.ts'
import { place, push } from '../../app/place.ts'
import { barParts, GLYPH, GLYPH_STEP, type FrontForm } from '../../model/cell-form.ts'
import type { FoldRow, FrontCell, SystemRow } from '../../model/fold.ts'
import { exact, rowOf, short, total, verdictRows } from '../../model/verdict.ts'
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
  const glyphs = total(cell) <= form.glyphsAtMost && cell.members.length >= total(cell)
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

/** The list of the cell opens in the panel; a glyph also opens its path. */
function choose(cell: string, member: string | null): void {
  const change = { cell, tab: 'selection', ...(member === null ? {} : { why: member, whyPath: 0 }) }
  push({ ...place.peek(), ...change })
  if (member === null) openDrawer()
}

function Glyphs({ cell, perLine, chosen }: { cell: FrontCell; perLine: number; chosen: string | null }) {
  const count = cell.members.length
  const lines = Math.ceil(count / perLine)
  return (
    <svg
      class="glyphs"
      width={Math.min(count, perLine) * GLYPH_STEP + 4}
      height={lines * GLYPH_STEP}
      aria-hidden="true"
      focusable="false"
    >
      {cell.members.map((member, i) => {
        const x = (i % perLine) * GLYPH_STEP + 2
        const y = Math.floor(i / perLine) * GLYPH_STEP + 2
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

function Bar({ cell, form }: { cell: FrontCell; form: FrontForm }) {
  const length = form.barLength(total(cell))
  return (
    <span class="bar-cell" aria-hidden="true">
      <span class="bar">
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

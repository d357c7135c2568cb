import type { BlastReply } from '../../../../graph/wire.ts'
import type { FrontRow } from '../../model/fold.ts'
import { total, verdictRows } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { filter, shows } from './blast-queries.ts'
import { toggleVerdict } from './verdict-filter.ts'

/** In words, from the glyphs really drawn; an entry filters. */
export function Legend({ reply, rows, diff }: { reply: BlastReply; rows: readonly FrontRow[]; diff: boolean }) {
  const on = filter.value.split(',')
  const bars = rows.some((row) => row.kind !== 'more' && row.cells.some((cell) => cell !== null && total(cell) > 12))
  return (
    <div class="legend" role="group" aria-label="Legend">
      {verdictRows
        .filter((row) => reply.counts[row.verdict] > 0)
        .map((row) => (
          <button
            type="button"
            key={row.verdict}
            aria-pressed={on.includes(row.verdict)}
            onClick={() => toggleVerdict(row.verdict)}
          >
            <Glyph verdict={row.verdict} size={12} /> <strong>{row.word}</strong> {row.means}
          </button>
        ))}
      {diff && shows.value === 'picture' && <span>Dashed outline: where it stood without the steps</span>}
      {bars && shows.value === 'picture' && <span>Length of a bar: √ of the number, one scale for all</span>}
    </div>
  )
}

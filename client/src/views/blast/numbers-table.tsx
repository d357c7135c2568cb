import type { BlastReply } from '../../../../graph/wire.ts'
import { pushHere } from '../../app/place.ts'
import { sumCells, type FrontRow } from '../../model/fold.ts'
import { countsInWords, exact, total, verdictRows, type Counts } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { openDrawer } from '../../ui/panel.tsx'
import { cellIdOf } from './cell-button.tsx'
import { cellId } from './blast-queries.ts'
import { cellWords, ownersOf } from './cell-words.ts'
import { DependantsTable } from './dependants-table.tsx'

/** The same rows, order and selection as the picture, in numbers, with totals; then every dependant. */
export function NumbersTable({ reply, rows }: { reply: BlastReply; rows: readonly FrontRow[] }) {
  const drawn = rows.filter((row) => row.kind !== 'more')
  const systems = drawn.filter((row) => row.kind === 'fold' || !isInside(row.system.tier, rows))
  const columns = reply.bands.map((_, band) => sumCells(systems.map((row) => row.cells[band] ?? null)))
  return (
    <div class="table-scroll" role="region" aria-label="Systems by when they break, in numbers" tabIndex={0}>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">System, by criticality</th>
            {reply.bands.map((band) => (
              <th scope="col" key={band.id}>
                {band.title}
                <span class="mut sub">{band.subtitle}</span>
              </th>
            ))}
            <th scope="col">All</th>
          </tr>
        </thead>
        <tbody>
          {drawn.map((row) => (
            <tr key={row.kind + row.id} data-row={row.id}>
              <th scope="row">
                <Name value={row.kind === 'fold' ? row.title : row.system.name} tip />
                <span class="mut sub">{row.kind === 'fold' ? row.top.join(', ') : ownersOf(row.system)}</span>
              </th>
              {row.cells.map((cell, band) => (
                <td key={band}>
                  {cell && (
                    <button
                      type="button"
                      class="number-cell"
                      data-cell={cellIdOf(row, reply.bands[band]!)}
                      aria-pressed={cellId.value === cellIdOf(row, reply.bands[band]!)}
                      onClick={() => {
                        pushHere({ cell: cellIdOf(row, reply.bands[band]!), tab: 'selection' })
                        openDrawer()
                      }}
                    >
                      <span class="hidden-words">{cellWords(row, reply.bands[band]!, cell)}</span>
                      <CountMarks counts={cell} named />
                    </button>
                  )}
                </td>
              ))}
              <td data-total={total(sumCells(row.cells))}>
                <CountMarks counts={sumCells(row.cells)} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All systems</th>
            {columns.map((counts, band) => (
              <td key={band} data-total={total(counts)}>
                <CountMarks counts={counts} />
              </td>
            ))}
            <td data-total={reply.counts.dependents}>
              <strong>{exact(reply.counts.dependents)}</strong>
            </td>
          </tr>
        </tfoot>
      </table>
      <h2>Every dependant</h2>
      <DependantsTable reply={reply} />
    </div>
  )
}

/** Rows shown inside an opened fold are already counted by the fold. */
function isInside(tier: number | null, rows: readonly FrontRow[]): boolean {
  const fold = tier === null ? 'tier-none' : `tier-${tier}`
  return rows.some((row) => row.kind === 'fold' && row.id === fold)
}

/** Counts with their glyphs; `named` where what holds them is already named in words. */
export function CountMarks({ counts, named = false }: { counts: Counts; named?: boolean }) {
  return (
    <span class="count-marks" title={countsInWords(counts)} aria-hidden={named ? 'true' : undefined}>
      {verdictRows
        .filter((row) => counts[row.verdict] > 0)
        .map((row) => (
          <span key={row.verdict}>
            <Glyph verdict={row.verdict} size={12} alone /> {exact(counts[row.verdict])}
          </span>
        ))}
    </span>
  )
}

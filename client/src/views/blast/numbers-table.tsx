import { pushHere } from '../../app/place.ts'
import { isInFold, sumCells, type FrontCell, type FrontRow } from '../../model/fold.ts'
import { countsInWords, exact, total, verdictRows, type Counts } from '../../model/verdict.ts'
import { chipChange } from '../../model/whatif-reply.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { openDrawer } from '../../ui/panel.tsx'
import { cellIdOf } from './cell-button.tsx'
import { cellId, diffOn } from './blast-queries.ts'
import { cellWords, ownersOf } from './cell-words.ts'
import { isDim } from './front-grid.tsx'
import { DependantsTable } from './dependants-table.tsx'
import type { Scenario } from './use-whatif.ts'

/** The same rows, order and selection as the picture, in numbers, with totals; then every dependant. */
export function NumbersTable({
  scenario,
  rows,
  fitting,
}: {
  scenario: Scenario
  rows: readonly FrontRow[]
  fitting: ReadonlySet<string> | null
}) {
  const { base, shown: reply, ticked } = scenario
  const diff = diffOn.value && ticked.length > 0 && base !== reply
  const drawn = rows.filter((row) => row.kind !== 'more')
  const systems = drawn.filter((row) => row.kind === 'fold' || !isInFold(row, rows))
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
            {diff && <th scope="col">Before</th>}
            <th scope="col">{diff ? 'After' : 'All'}</th>
          </tr>
        </thead>
        <tbody>
          {drawn.map((row) => (
            <tr key={row.kind + row.id} data-row={row.id} class={isDim(row, fitting) ? 'dim-row' : undefined}>
              <th scope="row">
                <Name value={row.kind === 'fold' ? row.title : row.system.name} tip />
                <span class="mut sub">{row.kind === 'fold' ? row.top.join(', ') : ownersOf(row.system)}</span>
              </th>
              {row.cells.map((cell, band) => (
                <td key={band}>
                  {cell && total(cell) === 0 && <CountMarks counts={cell} was={cell.was} />}
                  {cell && total(cell) > 0 && (
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
                      <CountMarks counts={cell} was={cell.was} named />
                    </button>
                  )}
                </td>
              ))}
              {diff && (
                <td data-before={total(sumCells(was(row.cells)))}>
                  <CountMarks counts={sumCells(was(row.cells))} />
                </td>
              )}
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
            {diff && (
              <td data-before={base.counts.dependents}>
                <CountMarks counts={base.counts} />
              </td>
            )}
            <td data-total={reply.counts.dependents}>
              <strong>{exact(reply.counts.dependents)}</strong>
            </td>
          </tr>
        </tfoot>
      </table>
      <h2>Every dependant</h2>
      <DependantsTable scenario={scenario} />
    </div>
  )
}

/** Rows shown inside an opened fold are already counted by the fold. */
const was = (cells: readonly (FrontCell | null)[]): (Counts | null)[] => cells.map((cell) => cell?.was ?? null)

interface CountMarksProps {
  readonly counts: Counts
  /** What it was before the steps: the difference stands beside. */
  readonly was?: Counts | undefined
  /** What holds them is already named in words. */
  readonly named?: boolean
}

/** Counts with their glyphs. */
export function CountMarks({ counts, was, named = false }: CountMarksProps) {
  return (
    <span class="count-marks" title={countsInWords(counts)} aria-hidden={named ? 'true' : undefined}>
      {verdictRows
        .filter((row) => counts[row.verdict] > 0 || (was?.[row.verdict] ?? 0) > 0)
        .map((row) => (
          <span key={row.verdict}>
            <Glyph verdict={row.verdict} size={12} alone /> {exact(counts[row.verdict])}
            {was && was[row.verdict] !== counts[row.verdict] && (
              <span class="mut"> {chipChange(was[row.verdict], counts[row.verdict])}</span>
            )}
          </span>
        ))}
    </span>
  )
}

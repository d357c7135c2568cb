import type { BlastReply } from '../../../../graph/wire.ts'
import { pushHere } from '../../app/place.ts'
import { sumCells, type FrontRow, type SystemRow } from '../../model/fold.ts'
import { frontWords } from '../../model/front-position.ts'
import { total, worstOf } from '../../model/verdict.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Name } from '../../ui/name.tsx'
import { openDrawer } from '../../ui/panel.tsx'
import { FoldButton, MoreButton } from './fold-buttons.tsx'
import { cellIdOf } from './cell-button.tsx'
import { cellId, stopOf } from './blast-queries.ts'
import { cellWords, ownersOf } from './cell-words.ts'
import { setStop } from './front-slider.tsx'
import { stopsOf } from '../../model/front-position.ts'
import { isDim } from './front-grid.tsx'
import { CountMarks } from './numbers-table.tsx'

/** On a narrow screen the picture is its list: a system, then a line a band, in the same order. */
export function NarrowFront({
  reply,
  rows,
  fitting,
}: {
  reply: BlastReply
  rows: readonly FrontRow[]
  fitting: ReadonlySet<string> | null
}) {
  const stop = stopOf(reply)
  return (
    <div class="narrow">
      <label class="narrow-front">
        <span class="mut">{frontWords(reply, stop)}</span>
        <input
          type="range"
          min={0}
          max={stopsOf(reply.bands) - 1}
          value={stop}
          aria-label="After the change, at"
          aria-valuetext={frontWords(reply, stop)}
          onInput={(event) => setStop(reply, Number(event.currentTarget.value))}
        />
      </label>
      <ul>
        {rows.map((row) =>
          row.kind === 'more' ? (
            <li key={row.id}>
              <MoreButton id={row.id} left={row.left} />
            </li>
          ) : (
            <li key={row.kind + row.id} data-row={row.id} class={isDim(row, fitting) ? 'dim-row' : undefined}>
              {row.kind === 'fold' ? <FoldButton row={row} /> : <System row={row} />}
              <ul class="narrow-bands">
                {row.cells.map((cell, band) => {
                  if (!cell || total(cell) === 0) return null
                  const id = cellIdOf(row, reply.bands[band]!)
                  return (
                    <li key={band}>
                      <button
                        type="button"
                        class={band <= stop ? 'narrow-cell past' : 'narrow-cell'}
                        data-cell={id}
                        aria-pressed={cellId.value === id}
                        onClick={() => {
                          pushHere({ cell: id, tab: 'selection' })
                          openDrawer()
                        }}
                      >
                        <span class="hidden-words">{cellWords(row, reply.bands[band]!, cell)}</span>
                        <span aria-hidden="true">{reply.bands[band]!.title}</span>
                        <CountMarks counts={cell} was={cell.was} named />
                      </button>
                    </li>
                  )
                })}
              </ul>
            </li>
          ),
        )}
      </ul>
    </div>
  )
}

function System({ row }: { row: SystemRow }) {
  return (
    <div class="narrow-system">
      <strong>
        <Glyph verdict={worstOf(sumCells(row.cells))} /> <Name value={row.system.name} />
      </strong>
      <span class="mut sub">{ownersOf(row.system)}</span>
    </div>
  )
}

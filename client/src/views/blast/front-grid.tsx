import { useRef } from 'preact/hooks'
import type { BlastReply } from '../../../../graph/wire.ts'
import { replaceHere } from '../../app/place.ts'
import { frontForm, type FrontForm } from '../../model/cell-form.ts'
import type { FoldRow, FrontRow, SystemRow } from '../../model/fold.ts'
import { stopsOf } from '../../model/front-position.ts'
import { total } from '../../model/verdict.ts'
import { trailsOf } from '../../model/whatif-diff.ts'
import { Name } from '../../ui/name.tsx'
import { OneLine } from '../../ui/one-line.tsx'
import { filter, grouping, stopOf, whyOf } from './blast-queries.ts'
import { ownersOf } from './cell-words.ts'
import { CellButton, drawsGlyphs, Gone } from './cell-button.tsx'
import { FrontSlider } from './front-slider.tsx'
import { FoldButton, MoreButton } from './fold-buttons.tsx'
import { moveInGrid } from './grid-keys.ts'
import { GlyphTip } from './glyph-tip.tsx'
import { useGlide } from './use-glide.ts'

const ROW_HEAD = 190

interface FrontGridProps {
  readonly reply: BlastReply
  readonly rows: readonly FrontRow[]
  /** Rows that the filter leaves, by id; the others are dimmed. `null`: all. */
  readonly fitting: ReadonlySet<string> | null
  readonly width: number
  /** Puts the rows in the order of what is shown; `null` while they are. */
  readonly resort: (() => void) | null
  /** Another one: glyphs glide to their new places. */
  readonly glideKey: string
}

/** The blast front: a table of systems and bands, with glyphs in its cells and the front before it. */
export function FrontGrid({ reply, rows, fitting, width, resort, glideKey }: FrontGridProps) {
  const grid = useRef<HTMLTableElement>(null)
  const columns = reply.bands.length
  const column = (width - ROW_HEAD) / columns
  const form = frontForm(rows, column)
  useGlide(grid, rows, form.perLine, column, glideKey)
  const chosen = whyOf(reply)
  const dim = filter.value === '' ? '' : ` only only-${filter.value.split(',').join(' only-')}`
  return (
    <div class="front" style={{ '--bands': columns, '--row-head': `${ROW_HEAD}px` }}>
      <FrontSlider reply={reply} />
      <div class="front-body">
        <Wash reply={reply} />
        <table
          ref={grid}
          role="grid"
          aria-label="Systems by when they break"
          class={`grid${dim}`}
          onKeyDown={moveInGrid}
        >
          <Head reply={reply} resort={resort} />
          <tbody>
            {rows.map((row) =>
              row.kind === 'more' ? (
                <tr class="more" key={row.id}>
                  <th scope="row">
                    <MoreButton id={row.id} left={row.left} />
                  </th>
                  <td colSpan={columns} />
                </tr>
              ) : (
                <Row
                  key={row.kind + row.id}
                  row={row}
                  reply={reply}
                  form={form}
                  first={row === rows[0]}
                  dim={isDim(row, fitting)}
                  chosen={chosen}
                  column={column}
                />
              ),
            )}
          </tbody>
        </table>
        <FrontLine reply={reply} />
        <GlyphTip grid={grid} />
      </div>
    </div>
  )
}

const shareOf = (reply: BlastReply): number => (stopOf(reply) + 1) / reply.bands.length

/** Washed ground left of the front, under the table. It and the line are all that moves with the front, by transform. */
function Wash({ reply }: { reply: BlastReply }) {
  return (
    <div class="wash-frame" aria-hidden="true">
      <div class="wash" style={{ transform: `scaleX(${shareOf(reply)})` }} />
    </div>
  )
}

/** The front itself, over the table. */
function FrontLine({ reply }: { reply: BlastReply }) {
  return (
    <div class="wash-frame" aria-hidden="true">
      <div class="front-line" style={{ transform: `translateX(${shareOf(reply) * 100}%)` }} />
    </div>
  )
}

const headOf = { system: 'System, by criticality', owner: 'Owner, by criticality', tier: 'Tier' }

function Head({ reply, resort }: { reply: BlastReply; resort: (() => void) | null }) {
  const stops = stopsOf(reply.bands)
  return (
    <thead>
      <tr>
        <th scope="col" class="corner">
          {headOf[grouping.value]}
          {resort !== null && (
            <button
              type="button"
              class="quiet resort"
              title="Put the rows in the order of what is shown"
              onClick={resort}
            >
              Re-sort
            </button>
          )}
        </th>
        {reply.bands.map((band, i) => (
          <th scope="col" key={band.id}>
            {i < stops ? (
              <button
                type="button"
                tabIndex={-1}
                class="band"
                title="Set the front behind this column"
                onClick={() => replaceHere({ t: i === 0 ? '' : band.id })}
              >
                <BandName title={band.title} subtitle={band.subtitle} />
              </button>
            ) : (
              <span class="band">
                <BandName title={band.title} subtitle={band.subtitle} />
              </span>
            )}
          </th>
        ))}
      </tr>
    </thead>
  )
}

const BandName = ({ title, subtitle }: { title: string; subtitle: string }) => (
  <>
    <strong>{title}</strong>
    <span class="mut">
      <Name value={subtitle} tip />
    </span>
  </>
)

interface RowProps {
  readonly row: SystemRow | FoldRow
  readonly reply: BlastReply
  readonly form: FrontForm
  readonly first: boolean
  readonly dim: boolean
  readonly chosen: string | null
  readonly column: number
}

/** A fold is never dimmed: it may hold rows that fit. */
export const isDim = (row: FrontRow, fitting: ReadonlySet<string> | null): boolean =>
  fitting !== null && row.kind === 'system' && !fitting.has(row.id)

function Row({ row, reply, form, first, dim, chosen, column }: RowProps) {
  const firstCell = row.cells.findIndex((cell) => cell !== null && total(cell) > 0)
  return (
    <tr class={dim ? `${row.kind} dim-row` : row.kind} data-row={row.id}>
      <th scope="row">
        {row.kind === 'fold' ? <FoldButton row={row} /> : <SystemHead row={row} systems={reply.systems} />}
      </th>
      {row.cells.map((cell, band) => (
        <td role="gridcell" key={band}>
          {band === 0 && <Trails row={row} form={form} column={column} width={column * row.cells.length} />}
          {cell && total(cell) === 0 && <Gone cell={cell} perLine={form.perLine} />}
          {cell && total(cell) > 0 && (
            <CellButton
              row={row}
              band={reply.bands[band]!}
              cell={cell}
              form={form}
              tabStop={first && band === firstCell}
              chosen={chosen}
            />
          )}
        </td>
      ))}
    </tr>
  )
}

/** Thin lines from the outlines to where their dependants stand now. */
function Trails({
  row,
  form,
  column,
  width,
}: {
  row: SystemRow | FoldRow
  form: FrontForm
  column: number
  width: number
}) {
  const trails = trailsOf(row, form.perLine, column, (cell) => drawsGlyphs(cell, form))
  if (trails.length === 0) return null
  return (
    <svg class="trails" width={width} height="4" aria-hidden="true" focusable="false">
      {trails.map(({ from, to, verdict }) => (
        <path key={verdict} class={`trail ${verdict}`} d={`M${from + 7} 2H${to - 7}`} />
      ))}
    </svg>
  )
}

function SystemHead({ row, systems }: { row: SystemRow; systems: BlastReply['systems'] }) {
  return (
    <>
      <strong>
        <OneLine value={row.system.name} beside={systems} />
      </strong>
      <span class="mut" title={ownersOf(row.system)}>
        {ownersOf(row.system)}
      </span>
    </>
  )
}

import { useRef } from 'preact/hooks'
import type { BlastReply } from '../../../../graph/wire.ts'
import { replaceHere } from '../../app/place.ts'
import { frontForm, type FrontForm } from '../../model/cell-form.ts'
import type { FoldRow, FrontRow, SystemRow } from '../../model/fold.ts'
import { stopsOf } from '../../model/front-position.ts'
import { Name } from '../../ui/name.tsx'
import { filter, stopOf, whyOf } from './blast-queries.ts'
import { ownersOf } from './cell-words.ts'
import { CellButton } from './cell-button.tsx'
import { FrontSlider } from './front-slider.tsx'
import { FoldButton, MoreButton } from './fold-buttons.tsx'
import { moveInGrid } from './grid-keys.ts'
import { GlyphTip } from './glyph-tip.tsx'

const ROW_HEAD = 190

interface FrontGridProps {
  readonly reply: BlastReply
  readonly rows: readonly FrontRow[]
  readonly width: number
}

/** The blast front: a table of systems and bands, with glyphs in its cells and the front before it. */
export function FrontGrid({ reply, rows, width }: FrontGridProps) {
  const grid = useRef<HTMLTableElement>(null)
  const columns = reply.bands.length
  const form = frontForm(rows, (width - ROW_HEAD) / columns)
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
          <Head reply={reply} />
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
                  chosen={chosen}
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

function Head({ reply }: { reply: BlastReply }) {
  const stops = stopsOf(reply.bands)
  return (
    <thead>
      <tr>
        <th scope="col" class="corner">
          System, by criticality
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
  readonly chosen: string | null
}

function Row({ row, reply, form, first, chosen }: RowProps) {
  const firstCell = row.cells.findIndex(Boolean)
  return (
    <tr class={row.kind} data-row={row.id}>
      <th scope="row">{row.kind === 'fold' ? <FoldButton row={row} /> : <SystemHead row={row} />}</th>
      {row.cells.map((cell, band) => (
        <td role="gridcell" key={band}>
          {cell && (
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

function SystemHead({ row }: { row: SystemRow }) {
  return (
    <>
      <strong>
        <Name value={row.system.name} tip />
      </strong>
      <span class="mut" title={ownersOf(row.system)}>
        {ownersOf(row.system)}
      </span>
    </>
  )
}
